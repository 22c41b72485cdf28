"""Fixed local times brought to the time line: what cron with fixed times of day and calendar rules share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from schedules import walls
from schedules.base import Instant, Stored

WallAfter = Callable[[datetime], datetime | None]
"""Answers the first naive local time strictly later than another one."""


class WallTimes:
    """Local times in a zone, under a policy for what daylight saving takes away or gives twice."""

    __slots__ = ("_fold", "_gap", "_wall_after", "_zone")

    def __init__(self, wall_after: WallAfter, zone: ZoneInfo, stored: Stored) -> None:
        self._wall_after = wall_after
        self._zone = zone
        self._gap: str = stored.get("dst_gap", "next_valid")
        self._fold: str = stored.get("dst_fold", "first")

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence strictly later than `after` (aware)."""
        if self._fold != "both":
            return self._next(after, self._fold)
        found = [self._next(after, fold) for fold in ("first", "second")]
        return min((instant for instant in found if instant), key=lambda instant: instant.at, default=None)

    def _next(self, after: datetime, fold: str) -> Instant | None:
        # Placing keeps the order of local times, so the first one that lands later than `after` is the answer.
        wall: datetime | None = shown(after, self._zone)
        if fold == "second" and wall and not is_second_pass(after, self._zone):
            both = walls.passes(wall, self._zone)
            # In the first pass of a fold all of the second is still to come, back to where it begins.
            wall -= both[-1] - both[0] if both else timedelta()
        while wall and (wall := self._wall_after(wall)):
            for instant in walls.place(wall, self._zone, self._gap, fold):
                if instant.at > after:
                    return instant
        return None


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the wall shows at an instant."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def is_second_pass(at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether an instant lies in the second pass of a repeated time."""
    return at.astimezone(UTC).astimezone(zone).fold == 1
