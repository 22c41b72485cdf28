"""What is refused: with the field, with a code, and with the way out."""

from typing import Any

import pytest

from schedules.base import ScheduleError
from tests.schedules.times import saved

CRON = {"kind": "cron", "expression": "0 9 * * *"}
REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    ({}, "kind", "invalid_schedule", "once"),
    ({"kind": "weekly"}, "kind", "invalid_schedule", "once"),
    ({"kind": ["once"]}, "kind", "invalid_schedule", "once"),
    ({**CRON, "every": "PT1H"}, "every", "invalid_schedule", "expression"),
    ({**CRON, "timezone": "America"}, "timezone", "unknown_timezone", "IANA"),
    ({**CRON, "timezone": "localtime"}, "timezone", "unknown_timezone", "IANA"),
    ({**CRON, "timezone": "europe/berlin"}, "timezone", "unknown_timezone", "Europe/Berlin"),
    ({**CRON, "timezone": "../../etc/passwd"}, "timezone", "unknown_timezone", "IANA"),
    ({**CRON, "timezone": 1}, "timezone", "unknown_timezone", "IANA"),
    ({"kind": "cron"}, "expression", "invalid_schedule", "0 9 * * MON-FRI"),
    ({"kind": "cron", "expression": "0 9 * *"}, "expression", "invalid_schedule", "five fields"),
    ({"kind": "cron", "expression": "0 0 9 * * *"}, "expression", "invalid_schedule", "seconds"),
    ({"kind": "cron", "expression": "@reboot"}, "expression", "invalid_schedule", "@daily"),
    ({"kind": "cron", "expression": "60 9 * * *"}, "expression", "invalid_schedule", "minute field takes 0-59"),
    ({"kind": "cron", "expression": "0 24 * * *"}, "expression", "invalid_schedule", "hour field takes 0-23"),
    ({"kind": "cron", "expression": "0 9 0 * *"}, "expression", "invalid_schedule", "day-of-month field takes 1-31"),
    ({"kind": "cron", "expression": "0 9 32W * *"}, "expression", "invalid_schedule", "15W"),
    ({"kind": "cron", "expression": "0 9 L-3 * *"}, "expression", "invalid_schedule", "L, LW"),
    ({"kind": "cron", "expression": "0 9 * FOO *"}, "expression", "invalid_schedule", "month field takes 1-12"),
    ({"kind": "cron", "expression": "0 9 * * 1#6"}, "expression", "invalid_schedule", "1#2"),
    ({"kind": "cron", "expression": "0 9 * * FRI-MON"}, "expression", "invalid_schedule", "rising"),
    ({"kind": "cron", "expression": "*/0 9 * * *"}, "expression", "invalid_schedule", "minute"),
    ({"kind": "cron", "expression": "*/90 * * * *"}, "expression", "invalid_schedule", "interval"),
    ({"kind": "cron", "expression": "1,,2 9 * * *"}, "expression", "invalid_schedule", "minute"),
    ({"kind": "cron", "expression": "٣ 9 * * *"}, "expression", "invalid_schedule", "minute"),
    ({"kind": "cron", "expression": "9" * 199}, "expression", "invalid_schedule", "five fields"),
    ({"kind": "cron", "expression": "0 9 * * " + "1," * 90 + "1#5/3"}, "expression", "invalid_schedule", "day-of-week"),
    ({"kind": "cron", "expression": "0 9 * * *" * 100}, "expression", "invalid_schedule", "five fields"),
    ({"kind": "cron", "expression": "0 0 31 2 *"}, "expression", "never_matches", "never happens"),
    ({"kind": "cron", "expression": "0 0 31 4,6,9,11 *"}, "expression", "never_matches", "never happens"),
    ({"kind": "cron", "expression": "0 0 30W 2 *"}, "expression", "never_matches", "never happens"),
    ({**CRON, "starts_at": "2200-12-31T23:00:00Z"}, "expression", "never_matches", "2201"),
    (
        {"kind": "cron", "expression": "0 0 1 5 *", "starts_at": "2200-06-01T00:00:00Z"},
        "expression",
        "never_matches",
        "2201",
    ),
    ({**CRON, "dst_gap": "first"}, "dst_gap", "invalid_schedule", "next_valid"),
    ({"kind": "cron", "expression": "0 * * * *", "dst_fold": "second"}, "dst_fold", "invalid_schedule", "leave it out"),
    ({**CRON, "ends_at": "2026-11-23T07:00:00Z"}, "ends_at", "end_before_start", "2026-11-23T08:00:00Z"),
    (
        {**CRON, "starts_at": "2026-12-02T00:00Z", "ends_at": "2026-12-01T00:00Z"},
        "ends_at",
        "end_before_start",
        "later",
    ),
    ({**CRON, "starts_at": "2026-01-01T00:00Z", "ends_at": "2026-02-01T00:00Z"}, "ends_at", "in_the_past", "later"),
    ({**CRON, "starts_at": "2026-01-01T00:00Z", "count": 3}, "count", "in_the_past", "later"),
    ({**CRON, "count": 0}, "count", "invalid_schedule", "from 1"),
    ({**CRON, "count": 10**30}, "count", "invalid_schedule", "from 1"),
    ({**CRON, "count": True}, "count", "invalid_schedule", "whole number"),
    ({**CRON, "ends_at": "2026-12-01T00:00:00"}, "ends_at", "timezone_required", "timezone"),
    ({**CRON, "ends_at": "2026-12-01"}, "ends_at", "invalid_schedule", "date-time"),
    ({"kind": "interval"}, "every", "invalid_schedule", "PT90M"),
    ({"kind": "interval", "every": 59}, "every", "too_frequent", "PT1M"),
    ({"kind": "interval", "every": "PT59S"}, "every", "too_frequent", "PT1M"),
    ({"kind": "interval", "every": -90}, "every", "too_frequent", "PT1M"),
    ({"kind": "interval", "every": "P1M"}, "every", "invalid_schedule", "P30D"),
    ({"kind": "interval", "every": "P1Y"}, "every", "invalid_schedule", "P30D"),
    ({"kind": "interval", "every": "PT1.5H"}, "every", "invalid_schedule", "whole units"),
    ({"kind": "interval", "every": "P101Y"}, "every", "invalid_schedule", "P30D"),
    ({"kind": "interval", "every": 10**30}, "every", "out_of_range", "100 years"),
    ({"kind": "interval", "every": True}, "every", "invalid_schedule", "PT90M"),
    ({"kind": "interval", "every": "P5218W"}, "every", "invalid_schedule", "100 years"),
    (
        {"kind": "interval", "every": "PT1H", "starts_at": "2026-12-01T09:00"},
        "starts_at",
        "timezone_required",
        "offset",
    ),
    ({"kind": "once"}, "at", "invalid_schedule", "date-time"),
    ({"kind": "once", "at": 1_800_000_000}, "at", "invalid_schedule", "date-time"),
    ({"kind": "once", "at": "2026-12-01T09:00:00"}, "at", "timezone_required", "timezone"),
    ({"kind": "once", "at": "2026-02-30T09:00:00Z"}, "at", "invalid_schedule", "date-time"),
    ({"kind": "once", "at": "2026-W49-1T09:00:00Z"}, "at", "invalid_schedule", "date-time"),
    ({"kind": "once", "at": "9999-12-31T23:59:59-12:00"}, "at", "out_of_range", "2200"),
    ({"kind": "once", "at": "0001-01-01T00:00:00+12:00"}, "at", "out_of_range", "1970"),
    ({"kind": "once", "at": "2026-11-22T11:58:59Z"}, "at", "in_the_past", "later"),
    ({"kind": "once", "at": "2011-12-30T09:00", "timezone": "Pacific/Apia"}, "at", "never_matches", "zone"),
    (
        {"kind": "once", "at": "2027-03-28T02:30", "timezone": "Europe/Berlin", "dst_gap": "skip"},
        "at",
        "never_matches",
        "zone",
    ),
    (
        {"kind": "once", "at": "2026-12-01T09:00Z", "ends_at": "2026-11-30T09:00Z"},
        "ends_at",
        "end_before_start",
        "later",
    ),
]


@pytest.mark.parametrize(("spec", "field", "code", "advice"), REFUSED)
@pytest.mark.timeout(5)
def test_impossible_schedules_are_refused(spec: dict[str, Any], field: str, code: str, advice: str) -> None:
    """The error names the field, has a stable code and says what would be right."""
    with pytest.raises(ScheduleError) as refused:
        saved(**spec)
    assert (refused.value.field, refused.value.reason) == (f"schedule.{field}", code)
    assert advice in refused.value.detail


def test_a_once_within_the_last_minute_is_taken() -> None:
    """A request takes its time: what was a moment ahead when it was sent is not refused."""
    assert saved(kind="once", at="2026-11-22T11:59:00Z")["at"] == "2026-11-22T11:59:00Z"
