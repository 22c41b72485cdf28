"""What follows when the dates of a team calendar change, for one clock and for everybody's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schedules.plan import load, normalize
from schedules.replan import reopened, replanned

NOW = datetime(2026, 12, 22, 12, tzinfo=UTC)
DAILY = {"kind": "cron", "expression": "0 9 * * *", "timezone": "UTC", "holidays": "calendar:x", "on_holiday": "skip"}


def stored(*days: int, **fields: Any) -> dict[str, Any]:
    """Return a schedule every day at nine, but not on some days of December 2026."""
    dates = [f"2026-12-{day}" for day in days]
    return normalize(DAILY | fields, now=NOW, timezone="UTC", holiday_dates=dates)


def at(day: int, hour: int = 9) -> datetime:
    """Return an instant in December 2026."""
    return datetime(2026, 12, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "stands", "expected"),
    [
        ((), (23,), 23, 24),
        ((), (25,), 23, 23),
        ((23,), (), 24, 23),
        ((23, 24), (24,), 25, 23),
        ((), (23,), 22, 22),
        # A person skipped the 23rd: it does not come back.
        ((), (30,), 24, 24),
        ((), (24,), 24, 25),
        ((25,), (), 24, 24),
        # Skipped up to the 24th, which the calendar alone took away.
        ((24,), (), 25, 24),
    ],
)
def test_the_next_run_moves_with_the_dates(
    before: tuple[int, ...], after: tuple[int, ...], stands: int, expected: int
) -> None:
    """A date that is added pushes the next run on, one that goes brings it back; skipped and due ones stay so."""
    found = replanned(load(stored(*before)), load(stored(*after)), at(stands), NOW)
    assert found == at(expected)


def test_what_has_ended_comes_back_only_by_its_calendar() -> None:
    """A last occurrence that a date took away returns with it; what was skipped by a person does not."""
    end = {"ends_at": "2026-12-24T00:00:00"}
    free, taken = load(stored(**end)), load(stored(**end) | {"holiday_dates": ["2026-12-23"]})
    assert replanned(free, taken, at(23), NOW) is None
    assert replanned(taken, free, None, NOW) == at(23)
    assert replanned(free, free, None, NOW) is None


@pytest.mark.parametrize(
    ("before", "after", "next_local", "expected"),
    [
        ((), (23,), 23, 24),
        ((23,), (), 24, 23),
        ((), (30,), 24, 24),
        ((23,), (30,), None, None),
    ],
)
def test_everybodys_own_clock_moves_alike(
    before: tuple[int, ...], after: tuple[int, ...], next_local: int | None, expected: int | None
) -> None:
    """The local time that comes next follows the dates, and is opened where clocks are first."""
    old, new = (stored(*days, timezone="recipient") for days in (before, after))
    local, coming = [day and at(day).replace(tzinfo=None) for day in (next_local, expected)]
    found = reopened(old, new, ["Asia/Tokyo", "America/New_York"], local, NOW)
    assert (found.local if found else None) == coming
    if found:
        assert (found.zone, found.at) == ("Asia/Tokyo", at(expected or 0, 0))
