"""iCalendar files (RFC 5545) read as dates: what a team calendar takes from one."""
