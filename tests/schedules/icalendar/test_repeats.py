"""Series: the same rules as schedules, from any century."""

import pytest

from schedules.icalendar.blocks import InvalidFile
from tests.schedules.icalendar.files import EVE, days


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        (";VALUE=DATE:20060101", "FREQ=YEARLY;COUNT=21", ["2025-01-01", "01-01"]),
        (";VALUE=DATE:20060529", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20270101", ["2025-05-26", "05-25"]),
        (";VALUE=DATE:20260101", "FREQ=WEEKLY;UNTIL=20260115", ["01-01", "01-08", "01-15"]),
        (";VALUE=DATE:20260101", "FREQ=WEEKLY;UNTIL=20260114T235959Z", ["01-01", "01-08"]),
        (";TZID=America/New_York:20260101T200000", "FREQ=DAILY;UNTIL=20260103T010000Z", ["01-01", "01-02"]),
        (":20260101T003000", "FREQ=HOURLY;COUNT=30", ["01-01", "01-02"]),
        (";VALUE=DATE:20300228", "FREQ=DAILY;COUNT=3", ["2030-02-28", "2030-03-01", "2030-03-02"]),
        (";VALUE=DATE:20500101", "FREQ=DAILY", []),
        (";VALUE=DATE:20000101", "FREQ=DAILY;UNTIL=20010101", []),
    ],
)
def test_what_repeats_is_followed(start: str, rule: str, expected: list[str]) -> None:
    """COUNT and UNTIL hold, UNTIL as a date includes it, and the window bounds the rest."""
    assert days(f"DTSTART{start}", f"RRULE:{rule}") == expected


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("19000101", "FREQ=YEARLY", "2025-01-01"),
        ("19040229", "FREQ=YEARLY", "2028-02-29"),
        ("19621003", "FREQ=YEARLY;INTERVAL=5", "2027-10-03"),
        ("19500131", "FREQ=MONTHLY;INTERVAL=7", "2027-01-31"),
        ("19600104", "FREQ=WEEKLY;INTERVAL=2", "2024-11-25"),
        ("19691230", "FREQ=DAILY;INTERVAL=3", "2024-11-23"),
    ],
)
def test_a_series_from_before_1970_goes_on(start: str, rule: str, expected: str) -> None:
    """Its beginning is moved by whole periods, so that it falls where it would have fallen."""
    assert days(f"DTSTART;VALUE=DATE:{start}", f"RRULE:{rule}")[0] == expected


@pytest.mark.parametrize(
    ("start", "until"), [("19500101", "19600101"), ("19500101", "19800101"), ("20260101", "20250101")]
)
def test_a_series_that_is_over(start: str, until: str) -> None:
    """It brings nothing, and is no mistake either."""
    assert days(f"DTSTART;VALUE=DATE:{start}", f"RRULE:FREQ=YEARLY;UNTIL={until}") == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=1000000000",
        "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;INTERVAL=99999999999", "FREQ=NEVER", "garbage", "FREQ=DAILY;FOO=1",
        "FREQ=DAILY;UNTIL=tomorrow",
    ],
)  # fmt: skip
def test_rules_that_cannot_be_are_refused(rule: str) -> None:
    """The error names event and line, at once."""
    with pytest.raises(InvalidFile, match="event 1, line 3"):
        days(EVE, f"RRULE:{rule}")


@pytest.mark.parametrize(
    ("start", "lines"),
    [
        ("19500101", ["RRULE:FREQ=YEARLY;COUNT=100"]),
        ("19500101", ["RRULE:FREQ=YEARLY;INTERVAL=21"]),
        ("19500101", ["RRULE:FREQ=YEARLY;BYWEEKNO=20"]),
        ("20260101", ["RRULE:FREQ=YEARLY", "DURATION:P367D"]),
        ("20260101", ["RRULE:FREQ=YEARLY", "RRULE:FREQ=DAILY"]),
        ("20260101", ["EXRULE:FREQ=YEARLY"]),
    ],
)
def test_what_is_not_followed_is_refused(start: str, lines: list[str]) -> None:
    """Rather than guessed: rare things are told to whoever sends them."""
    with pytest.raises(InvalidFile, match="event 1, line 3"):
        days(f"DTSTART;VALUE=DATE:{start}", *lines)
