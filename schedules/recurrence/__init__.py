"""Calendar recurrence (RFC 5545): rules read from text, and walked on the calendar or by elapsed time.

python-dateutil knows these rules too, but it walks from the first occurrence on each question, looks for impossible
dates until the year 9999, and returns local times that do not exist. It is the reference in the tests instead.
"""
