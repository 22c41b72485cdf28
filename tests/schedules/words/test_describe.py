"""Schedules as sentences."""

from typing import Any

import pytest

from schedules.words.describe import describe
from tests.schedules.times import saved


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
        ("* * * * *", "Every minute (Europe/Berlin)"),
        ("*/15 * * * 1-5", "Every 15 minutes by the clock, every weekday (Europe/Berlin)"),
        ("30 * * * *", "Every hour at minute 30 (Europe/Berlin)"),
        ("5 4 * 1-3 *", "On the cron schedule 5 4 * 1-3 * (Europe/Berlin)"),
        ("5 4 1 * 1", "On the cron schedule 5 4 1 * 1 (Europe/Berlin)"),
        ("*/7 * * * *", "On the cron schedule */7 * * * * (Europe/Berlin)"),
        ("0 9 * * 1,5L", "On the cron schedule 0 9 * * 1,5L (Europe/Berlin)"),
        ("0 9 */2 * 1", "On the cron schedule 0 9 */2 * 1 (Europe/Berlin)"),
        ("0 0-23/2 * * *", "On the cron schedule 0 0-23/2 * * * (Europe/Berlin)"),
    ],
)
def test_cron_is_worded_or_shown(spec: str, sentence: str) -> None:
    """A sentence is said only where it says exactly the same; otherwise the expression is shown."""
    assert describe(saved(kind="cron", expression=spec)) == sentence


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"kind": "interval", "every": "PT90M"}, "Every 90 minutes"),
        ({"kind": "interval", "every": 3600}, "Every hour"),
        ({"kind": "interval", "every": "P2W"}, "Every 2 weeks"),
        ({"kind": "interval", "every": "PT61S", "count": 5}, "Every 61 seconds, 5 times"),
        (
            {"kind": "interval", "every": "P1D", "ends_at": "2026-12-01T08:00Z"},
            "Every day, until Tue 1 Dec 2026 at 09:00",
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
    assert describe(saved(**spec)) == sentence
