"""Schedules as sentences."""

from typing import Any

import pytest

from schedules.words.describe import describe
from tests.schedules.times import NOW, saved, utc


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("0 9 * * MON-FRI", "Every weekday at 09:00 (Europe/Berlin)"),
        ("0 9 * * *", "Every day at 09:00 (Europe/Berlin)"),
        ("@daily", "Every day at 00:00 (Europe/Berlin)"),
        ("30 16 * * FRI", "Every Friday at 16:30 (Europe/Berlin)"),
        ("0 9,17 * * 0,6", "Every Saturday and Sunday at 09:00 and 17:00 (Europe/Berlin)"),
        ("0 9 * * 2,4,7", "Every Tuesday, Thursday and Sunday at 09:00 (Europe/Berlin)"),
        ("0 9 * * 5L", "On the last Friday of every month at 09:00 (Europe/Berlin)"),
        ("0 9 * * 7#2", "On the second Sunday of every month at 09:00 (Europe/Berlin)"),
        ("0 12 L * *", "On the last day of every month at 12:00 (Europe/Berlin)"),
        ("0 12 LW * *", "On the last working day of every month at 12:00 (Europe/Berlin)"),
        ("0 12 15 * *", "On day 15 of every month at 12:00 (Europe/Berlin)"),
        ("0 0 24 DEC *", "Every year on 24 December at 00:00 (Europe/Berlin)"),
        ("* * * * *", "Every minute by the clock (Europe/Berlin)"),
        ("*/15 * * * 1-5", "Every 15 minutes by the clock, every weekday (Europe/Berlin)"),
        ("30 * * * *", "Every hour at minute 30 (Europe/Berlin)"),
        ("5 4 * 1-3 *", "Every day in January, February and March at 04:05 (Europe/Berlin)"),
        ("5 4 1 * 1", "cron 5 4 1 * 1 (Europe/Berlin)"),
        ("*/7 * * * *", "cron */7 * * * * (Europe/Berlin)"),
        ("0 9 * * 1,5L", "cron 0 9 * * 1,5L (Europe/Berlin)"),
        ("0 9 */2 * 1", "cron 0 9 */2 * 1 (Europe/Berlin)"),
        ("0 0-23/2 * * *", "cron 0 0-23/2 * * * (Europe/Berlin)"),
    ],
)
def test_cron_is_worded_or_shown(spec: str, sentence: str) -> None:
    """A sentence is said only where it says exactly the same; otherwise the expression is shown."""
    assert describe(saved(kind="cron", expression=spec)) == sentence


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"kind": "interval", "every": "PT90M"}, "Every 90 minutes (Europe/Berlin)"),
        ({"kind": "interval", "every": 3600}, "Every hour (Europe/Berlin)"),
        ({"kind": "interval", "every": "P2W"}, "Every 336 hours (Europe/Berlin)"),
        ({"kind": "interval", "every": "PT61S", "count": 5}, "Every 61 seconds (Europe/Berlin), 5 times"),
        (
            {"kind": "interval", "every": "P1D", "ends_at": "2026-12-01T08:00Z"},
            "Every 24 hours (Europe/Berlin), until Tue 1 Dec 2026 at 09:00",
        ),
        (
            {"kind": "interval", "every": "PT4H", "starts_at": "2026-12-01T08:00Z"},
            "Every 4 hours (Europe/Berlin), from Tue 1 Dec 2026 at 09:00",
        ),
        (
            {"kind": "once", "at": "2026-11-27T16:00", "timezone": "Europe/Berlin"},
            "Once, Fri 27 Nov 2026 at 16:00 (Europe/Berlin)",
        ),
        ({"kind": "once", "at": "2026-11-27T15:00:05Z"}, "Once, Fri 27 Nov 2026 at 16:00:05 (Europe/Berlin)"),
    ],
)
def test_other_kinds_are_worded(spec: dict[str, Any], sentence: str) -> None:
    """One sentence, on the clocks of the schedule's zone, with its end."""
    assert describe(saved(**spec), now=utc(NOW)) == sentence


RULES = [
    ("FREQ=DAILY", "Every day at 16:00", "Jeden Tag um 16:00"),
    (
        "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30;BYSETPOS=1,4",
        "Every day at 09:00 and 17:30",
        "Jeden Tag um 09:00 und 17:30",
    ),
    ("FREQ=WEEKLY", "Every Friday at 16:00", "Jeden Freitag um 16:00"),
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        "On the last Friday of every month at 16:00",
        "Am letzten Freitag jedes Monats um 16:00",
    ),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", "On days 1 and 15 of every month at 16:00", "Am 1. und 15. jedes Monats um 16:00"),
    ("FREQ=YEARLY", "Every year on 27 November at 16:00", "Jedes Jahr am 27. November um 16:00"),
    (
        "FREQ=YEARLY;BYMONTH=11;BYDAY=1TU",
        "Every year on the first Tuesday in November at 16:00",
        "Jedes Jahr am ersten Dienstag im November um 16:00",
    ),
]


@pytest.mark.parametrize(("rule", "english", "german"), RULES)
def test_rules_are_worded_in_both_languages(rule: str, english: str, german: str) -> None:
    """What a rule leaves to its start is said all the same."""
    stored = saved(kind="rrule", rrule=rule, starts_at="2026-11-27T16:00:00", timezone="Europe/Berlin")
    assert describe(stored, "en-GB") == f"{english} (Europe/Berlin)"
    assert describe(stored, "de_AT") == f"{german} (Europe/Berlin)"
    assert describe(stored, "fr") == describe(stored)


def test_all_that_bounds_a_schedule_is_said() -> None:
    """Start, end, number, exceptions, additions, holidays and daylight saving, one after the other."""
    stored = saved(
        kind="rrule", rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", starts_at="2026-12-01T09:00:00", timezone="recipient",
        ends_at="2027-03-01T23:59:59", count=5, exclude=["2026-12-15"], include=["2026-12-23T16:00:00"],
        holidays="DE", on_holiday="skip", dst_gap="skip", dst_fold="both",
    )  # fmt: skip
    assert describe(stored) == (
        "Every 2 weeks on Tuesday at 09:00 (in everybody's own time zone), from Tue 1 Dec 2026, until Mon 1 Mar 2027, "
        "5 times, except on Tue 15 Dec 2026, and also on Wed 23 Dec 2026 at 16:00, not on holidays (DE), "
        "not at all where the clocks skip it, both times where the clocks go back"
    )
    assert describe(stored, "de") == (
        "Alle 2 Wochen am Dienstag um 09:00 (in der eigenen Zeitzone von allen), ab Di 1. Dez 2026, "
        "bis Mo 1. Mär 2027, 5-mal, außer am Di 15. Dez 2026, und auch am Mi 23. Dez 2026 um 16:00, "
        "nicht an Feiertagen (DE), gar nicht, wo die Uhr sie überspringt, beide Male, wo die Uhr zurückgestellt wird"
    )


def test_a_start_is_said_where_it_leaves_something_out() -> None:
    """A start that merely is the first occurrence goes without saying; a later one does not."""
    cron = {"kind": "cron", "expression": "0 9 * * *", "timezone": "Europe/Berlin"}
    for starts, said in (("2026-11-23T09:00:00", ""), ("2026-11-24T09:00:00", ", from Tue 24 Nov 2026")):
        stored = saved(**cron, starts_at=starts)
        assert describe(stored, now=utc(NOW)) == f"Every day at 09:00 (Europe/Berlin){said}"
