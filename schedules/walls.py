"""Wall time in, UTC out: the one place that knows what daylight saving does to a local time.

Arithmetic on local times is done naive, and each result is placed on the real time line afterwards. Adding to
aware date-times of one zone would count wall-clock seconds and be wrong by an hour twice a year.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schedules.base import Draft, Instant, ScheduleError, Stored, stamp

GAPS = ("next_valid", "skip")
FOLDS = ("first", "second", "both")
FIELDS = frozenset({"dst_gap", "dst_fold"})
_DAY = timedelta(days=1)


def passes(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants (UTC) at which clocks show this naive local time: none in a gap, two in a fold."""
    early = wall.replace(tzinfo=zone, fold=0)
    before, after = early.utcoffset(), early.replace(fold=1).utcoffset()
    if before is None or after is None:  # ZoneInfo always knows for a full date-time; the type does not.
        return ()
    first = (wall - before).replace(tzinfo=UTC, fold=0)
    if before == after:
        return (first,)
    # PEP 495: with fold=0 the offset before the change holds, with fold=1 the one after it.
    return (first, (wall - after).replace(tzinfo=UTC, fold=0)) if before > after else ()


def change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first whole second in (low, high] at which another offset than at `low` holds, by bisection."""
    before = low.astimezone(zone).utcoffset()
    left, right = 0, int((high - low).total_seconds())
    while right - left > 1:
        middle = (left + right) // 2
        if (low + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            left = middle
        else:
            right = middle
    return low + timedelta(seconds=right)


def gap_end(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first valid instant after the gap that holds this local time."""
    inside = wall.replace(microsecond=0, tzinfo=zone, fold=0)
    return change(zone, inside.replace(fold=1).astimezone(UTC), inside.astimezone(UTC))


def after_gap(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first valid instant after the gap that holds this local time; None if its whole date is missing.

    A date that does not exist (Apia, 30 December 2011) is skipped like 30 February, not moved to the next one.
    """
    first = gap_end(wall, zone)
    starts = (first - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) + timedelta(seconds=1)
    ends = first.astimezone(zone).replace(tzinfo=None)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    return None if starts <= midnight and midnight + _DAY <= ends else first


def place(wall: datetime, zone: ZoneInfo, gap: str = "next_valid", fold: str = "first") -> tuple[Instant, ...]:
    """Return the occurrences of one naive local time under the schedule's policy for gaps and folds."""
    shown = passes(wall, zone)
    if len(shown) == 1:
        return (stamp(shown[0], zone),)
    if shown:
        chosen = shown if fold == "both" else shown[:1] if fold == "first" else shown[1:]
        return tuple(stamp(at, zone, "dst_fold") for at in chosen)
    moved = after_gap(wall, zone) if gap == "next_valid" else None
    return () if moved is None else (stamp(moved, zone, "dst_gap"),)


def clean(spec: Stored, _: Draft) -> dict[str, Any]:
    """Check the policy fields `dst_gap` and `dst_fold` and return those that are given."""
    given: dict[str, Any] = {}
    for name, allowed in (("dst_gap", GAPS), ("dst_fold", FOLDS)):
        if (value := spec.get(name)) is None:
            continue
        if value not in allowed:
            message = f"choose one of {', '.join(allowed)}"
            raise ScheduleError(message, field=f"schedule.{name}")
        given[name] = value
    return given
