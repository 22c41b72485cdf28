"""What fields are refused for, by code: what it means and what to do. A test compares it with the code."""

from typing import Final

OURS: Final = {
    "date_format": "Not a date; write it like 2026-12-24.",
    "date_out_of_range": "Dates lie between 1970 and 2200.",
    "datetime_format": "Not a date-time; write it like 2026-11-27T16:00:00Z, and in a URL + as %2B.",
    "datetime_out_of_range": "Date-times lie between 1970 and 2200.",
    "duration_format": "Not a duration; write it in ISO 8601, like PT24H.",
    "email_or_link": "An invitation goes to a mailbox, or is a link; name one of both.",
    "end_before_start": "The schedule ends before its first occurrence; choose a later end.",
    "in_the_past": "What was to come has passed; choose a later instant.",
    "invalid_assignee": "Write `me`, or the id of a person.",
    "invalid_json": "The body is no JSON.",
    "invalid_text": "Text may hold neither NUL nor half of a surrogate pair.",
    "missing": "The field is required; send it.",
    "never_matches": "The schedule never happens, or not before the year 2201; check the date.",
    "not_a_calendar": "Send an iCalendar file with `Content-Type: text/calendar`, or a JSON object with its `url`.",
    "not_an_object": "Send a JSON object here, for a body with `Content-Type: application/json`.",
    "not_available_yet": "This is part of the contract, but not built yet; leave it out.",
    "one_of": "Send one of these fields, not several.",
    "out_of_range": "A date of the schedule lies outside of 1970 to 2200.",
    "repeated_date": "Name each date once.",
    "timezone_required": "A local date-time needs `timezone` beside it, or an offset.",
    "too_frequent": "A schedule runs once a minute at most; use PT1M or more.",
    "too_short": "Too few: a list needs more items, or a lateness at least a minute.",
    "unknown_channel": "There is no channel of this name; the message names those that there are.",
    "unknown_field": "There is no such field here; leave it out.",
    "unknown_timezone": "Not the name of a zone; try one like Europe/Berlin or UTC.",
    "unused": "This would be ignored with what stands beside it; leave it out.",
}
"""Those that stand in our own code."""

TYPES: Final = {
    "bool_parsing": "Write true or false.",
    "bool_type": "Write true or false.",
    "bytes_type": "Send the file itself.",
    "greater_than_equal": "Too small; the message names the least.",
    "int_from_float": "Write a whole number.",
    "int_parsing": "Write a whole number.",
    "int_parsing_size": "This number is too long.",
    "int_type": "Write a whole number, not as text.",
    "less_than_equal": "Too large; the message names the most.",
    "list_type": "Write a list.",
    "literal_error": "Not one of the words that the message names.",
    "none_required": "This can only be null so far.",
    "string_pattern_mismatch": "The text has not the form that the message names.",
    "string_too_long": "Shorten the text; the message names the most characters.",
    "string_too_short": "The text is too short, or empty; the message names the least characters.",
    "string_type": "Write a text, in quotes.",
    "string_unicode": "The text is not in UTF-8.",
    "timezone_aware": "Add the offset, such as Z or +01:00; in a URL, + is written %2B.",
    "too_long": "Too many items; the message names the most.",
    "uuid_parsing": "Not an id; ids are UUIDs.",
    "uuid_type": "Write an id as a text.",
}
"""Those of Pydantic, by which our schemas are checked; https://docs.pydantic.dev/latest/errors/validation_errors/."""

FIELDS: Final = OURS | TYPES
