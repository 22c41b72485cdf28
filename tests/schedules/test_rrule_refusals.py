"""Recurrence rules that are refused: with the way out, and in bounded time."""

import pytest

from schedules.base import ScheduleError
from tests.schedules.times import saved

ZONE = "Europe/Berlin"
WRONG = [
    ("", "such as FREQ=MONTHLY;BYDAY=-1FR"),
    ("daily", "FREQ, INTERVAL"),
    ("INTERVAL=2", "FREQ is missing"),
    ("FREQ=FORTNIGHTLY", "FREQ is one of"),
    ("FREQ=DAILY;FREQ=WEEKLY", "comes once"),
    ("FREQ=DAILY;COUNT=", "needs a value"),
    ("FREQ=DAILY;INTERVAL=0", "from 1"),
    ("FREQ=DAILY;INTERVAL=-1", "from 1"),
    ("FREQ=DAILY;INTERVAL=1.5", "from 1"),
    ("FREQ=DAILY;INTERVAL=99999999999", "from 1"),
    ("FREQ=DAILY;COUNT=0", "from 1"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20271224", "leave one out"),
    ("FREQ=DAILY;UNTIL=tomorrow", "20261224T150000Z"),
    ("FREQ=DAILY;UNTIL=20270230", "date-time"),
    ("FREQ=YEARLY;BYEASTER=0", "not known"),
    ("FREQ=DAILY;RSCALE=GREGORIAN;SKIP=BACKWARD", "not known"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "from 1 to 31, and -1 to -31"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "from 1 to 31"),
    ("FREQ=YEARLY;BYMONTH=13", "from 1 to 12"),
    ("FREQ=YEARLY;BYMONTH=JAN", "from 1 to 12"),
    ("FREQ=DAILY;BYHOUR=24", "from 0 to 23"),
    ("FREQ=DAILY;BYHOUR=9,", "commas"),
    ("FREQ=DAILY;BYHOUR=-1", "from 0 to 23"),
    ("FREQ=DAILY;BYHOUR=٣", "from 0 to 23"),
    ("FREQ=WEEKLY;BYDAY=MONDAY", "MO, TU"),
    ("FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY and YEARLY only"),
    ("FREQ=MONTHLY;BYDAY=0MO", "1MO, -1FR"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "not with BYWEEKNO"),
    ("FREQ=MONTHLY;BYWEEKNO=20", "FREQ=YEARLY only"),
    ("FREQ=WEEKLY;BYMONTHDAY=1", "use FREQ=MONTHLY"),
    ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY"),
    ("FREQ=MONTHLY;BYSETPOS=1", "add one, such as BYDAY"),
    ("FREQ=WEEKLY;WKST=1", "WKST"),
    ("DTSTART:20261127T160000\nRRULE:FREQ=DAILY", "`starts_at`"),
    ("FREQ=DAILY;" + "BYHOUR=1," * 200, "write a rule"),
]
NEVER = [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2,4,6,9,11;BYMONTHDAY=31",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
    "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
    "FREQ=YEARLY;INTERVAL=175;BYMONTH=1",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=HOURLY;INTERVAL=24;BYHOUR=11",
    "FREQ=MINUTELY;INTERVAL=30;BYMINUTE=15",
    "FREQ=SECONDLY;INTERVAL=30;BYSECOND=15",
    "FREQ=HOURLY;BYSETPOS=2;BYHOUR=9",
]
FREQUENT = ["FREQ=SECONDLY", "FREQ=SECONDLY;INTERVAL=59", "FREQ=DAILY;BYSECOND=0,30", "FREQ=MINUTELY;BYSECOND=0,1"]


def refusal(rrule: object, **more: object) -> ScheduleError:
    """Return what is said against a rule that starts at four o'clock on a Friday in 2027."""
    spec = {"kind": "rrule", "rrule": rrule, "starts_at": "2027-11-26T16:00:00", "timezone": ZONE, **more}
    with pytest.raises(ScheduleError) as refused:
        saved(**spec)
    return refused.value


@pytest.mark.parametrize(("rule", "advice"), WRONG)
def test_what_is_no_rule_is_refused(rule: str, advice: str) -> None:
    """The error says what would be right."""
    error = refusal(rule)
    assert (error.field, error.reason) == ("schedule.rrule", "invalid_schedule")
    assert advice in error.detail


@pytest.mark.parametrize("rule", NEVER)
@pytest.mark.timeout(20)
def test_what_never_happens_is_refused_in_bounded_time(rule: str) -> None:
    """Nobody waits until the year 9999; `make bench NAME=schedules` prints how long it takes."""
    error = refusal(rule, timezone="Asia/Kolkata")
    assert (error.field, error.reason) == ("schedule.rrule", "never_matches")


@pytest.mark.parametrize("rule", FREQUENT)
def test_more_than_one_run_a_minute_is_refused(rule: str) -> None:
    """The way out is named."""
    error = refusal(rule)
    assert (error.field, error.reason) == ("schedule.rrule", "too_frequent")
    assert "60 seconds" in error.detail


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"starts_at": None}, "starts_at", "invalid_schedule"),
        ({"starts_at": "2027-11-26"}, "starts_at", "invalid_schedule"),
        ({"timezone": None}, "starts_at", "timezone_required"),
        ({"rrule": 5}, "rrule", "invalid_schedule"),
        ({"rrule": "FREQ=DAILY;COUNT=3", "count": 4}, "count", "invalid_schedule"),
        ({"rrule": "FREQ=DAILY;UNTIL=20271224", "ends_at": "2027-12-25T00:00"}, "ends_at", "invalid_schedule"),
        ({"rrule": "FREQ=DAILY;COUNT=5001"}, "count", "invalid_schedule"),
        ({"rrule": "FREQ=DAILY;UNTIL=20270101"}, "ends_at", "end_before_start"),
        ({"rrule": "FREQ=HOURLY", "dst_gap": "skip"}, "dst_gap", "invalid_schedule"),
        ({"rrule": "FREQ=HOURLY", "dst_fold": "both"}, "dst_fold", "invalid_schedule"),
        ({"starts_at": "2025-01-01T09:00", "rrule": "FREQ=DAILY;COUNT=3"}, "rrule", "in_the_past"),
        ({"starts_at": "2200-12-31T23:00", "rrule": "FREQ=DAILY;BYHOUR=1"}, "rrule", "never_matches"),
    ],
)
def test_what_stands_beside_the_rule_is_checked(more: dict[str, object], field: str, code: str) -> None:
    """A rule needs a local start, and one end at most."""
    error = refusal(**{"rrule": "FREQ=DAILY", **more})
    assert (error.field, error.reason) == (f"schedule.{field}", code)


def test_an_end_is_taken_out_of_the_rule() -> None:
    """What is stored bears its end as every other kind does, and may be sent again."""
    spec = {"kind": "rrule", "starts_at": "2027-11-26T16:00:00", "timezone": ZONE}
    counted = saved(rrule="rrule:freq=daily; count=2", **spec)
    assert (counted["rrule"], counted["count"], counted["last_at"]) == ("FREQ=DAILY", 2, "2027-11-27T16:00:00")
    until = saved(rrule="FREQ=DAILY;UNTIL=20271224", **spec)
    assert (until["rrule"], until["ends_at"]) == ("FREQ=DAILY", "2027-12-24T23:59:59")
    assert saved(**until) == until


def test_a_start_with_an_offset_is_taken_as_local() -> None:
    """The rule lives on the wall clock of its zone, wherever its start was written down."""
    stored = saved(kind="rrule", rrule="FREQ=DAILY", starts_at="2027-11-26T15:00:00Z", timezone=ZONE)
    assert stored["starts_at"] == "2027-11-26T16:00:00"
