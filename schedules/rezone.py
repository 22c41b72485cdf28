"""What becomes of a planned instant when the rules of its zone change.

A wall-clock rule promises a local time, so an instant is carried over by what clocks showed at it: the same
nominal occurrence gets its new instant, whether that is earlier or later, and those before it stay dealt with.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from schedules import moments, walls
from schedules.base import ScheduleError, Stored
from schedules.occurs import check_occurs
from schedules.plan import load
from schedules.schedule import Schedule
from schedules.zones import zone

_SECOND = timedelta(seconds=1)


def carry(at: datetime, old: ZoneInfo, new: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which clocks under the new rules show what they showed at `at` under the old ones.

    What the new rules leave out becomes the end of the gap; of two passes it is the one that it was.
    """
    shown = at.astimezone(old)
    wall = shown.replace(tzinfo=None, fold=0)
    found = walls.passes(wall, new)
    if found:
        return found[min(shown.fold, len(found) - 1)]
    # A whole date that is missing has no end of its own: the wall is read by the offset before the gap.
    return walls.after_gap(wall, new) or wall.replace(tzinfo=new).astimezone(UTC)


def moved(
    stored: Stored, at: datetime, old: ZoneInfo, *, settled: datetime | None = None, certain: bool = True
) -> datetime | None:
    """Return when a reminder runs next that was planned for `at` by the old rules; None when nothing is left.

    An instant that has come to lie in the past is returned as well: it is late, not lost. Where only elapsed time or
    the running clock counts, nothing up to `settled` comes again. `certain` says that `at` was planned by the old
    rules; where both rules could have planned it and that is not known, it stays.
    """
    schedule, new = load(stored), zone(stored["timezone"])
    fixed = bool(schedule.rule.times)
    image, before = (_image(stored, each, old, new, fixed=fixed) for each in (at, at - _SECOND))
    by_new, by_old = _occurs(schedule, at), _occurs(schedule, image)
    if by_new and not (by_old and certain):
        return at
    # Neither planned it: a second try after a fault, unless one of them lets the clock jump there.
    if not by_new and not by_old and not _jumps(at, old, new):
        return at
    floor = min(before, image - _SECOND)
    found = schedule.next(floor if fixed or settled is None else max(floor, settled))
    return found.at if found else None


def last_at(stored: Stored) -> str | None:
    """Return the last instant of a schedule with `count`, worked out by the rules that hold now; else None."""
    if "count" not in stored:
        return None
    fresh = {name: value for name, value in stored.items() if name != "last_at"}
    try:
        check_occurs(fresh, recipient=False)
    except ScheduleError:
        # The new rules leave it without any occurrence; then its old end does no harm.
        return None
    return str(fresh["last_at"])


def _image(stored: Stored, at: datetime, old: ZoneInfo, new: ZoneInfo, *, fixed: bool) -> datetime:
    if fixed or stored["kind"] == "cron":
        return carry(at, old, new)
    # Elapsed time moves with its anchor, if that is local.
    text = stored.get("starts_at")
    before, after = (moments.instant(text, each) if text else None for each in (old, new))
    return at + (after - before) if before and after else at


def _occurs(schedule: Schedule, at: datetime) -> bool:
    found = schedule.next(at - _SECOND)
    return found is not None and found.at == at


def _jumps(at: datetime, old: ZoneInfo, new: ZoneInfo) -> bool:
    """Whether the old clock is changed at an instant, or the new one never shows what the old one shows at it."""
    shown, just_before = at.astimezone(old), (at - _SECOND).astimezone(old)
    return shown.utcoffset() != just_before.utcoffset() or not walls.passes(shown.replace(tzinfo=None, fold=0), new)
