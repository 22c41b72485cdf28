"""A slow and obvious cron: it looks at every minute, and at what the clock on the wall shows then."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
MARGIN = timedelta(hours=26)


@dataclass(frozen=True)
class Wanted:
    """Which wall times an expression means, as plain sets, with the text that says the same."""

    expression: str
    minutes: frozenset[int]
    hours: frozenset[int]
    weekdays: frozenset[int]
    """Monday is 0, as in Python."""

    @property
    def running(self) -> bool:
        """Whether minute or hour is a star."""
        return "*" in " ".join(self.expression.split()[:2])

    def __contains__(self, wall: datetime) -> bool:
        """Whether a wall time is meant."""
        return wall.minute in self.minutes and wall.hour in self.hours and wall.weekday() in self.weekdays


def occurrences(
    wanted: Wanted, zone: ZoneInfo, start: datetime, end: datetime, dst_gap: str = "next_valid", dst_fold: str = "first"
) -> list[datetime]:
    """Return the instants in (start, end] by walking over every minute."""
    shown: dict[datetime, list[datetime]] = defaultdict(list)
    at = start - MARGIN
    while at <= end + MARGIN:
        shown[at.astimezone(zone).replace(tzinfo=None, fold=0)].append(at)
        at += MINUTE
    if wanted.running:
        found = {at for wall, passes in shown.items() if wall in wanted for at in passes}
    else:
        found = _fixed(wanted, shown, dst_gap, dst_fold)
    return sorted(at for at in found if start < at <= end)


def _fixed(wanted: Wanted, shown: dict[datetime, list[datetime]], gap: str, fold: str) -> set[datetime]:
    found: set[datetime] = set()
    dates = {wall.date() for wall in shown}
    wall, last = min(shown), max(shown)
    missed = False
    while wall <= last:
        if wall not in shown:
            missed = missed or (wall in wanted and wall.date() in dates and gap == "next_valid")
        else:
            if missed:
                found.add(shown[wall][0])
                missed = False
            if wall in wanted:
                passes = shown[wall]
                found.update({"first": passes[:1], "second": passes[-1:], "both": passes}[fold])
        wall += MINUTE
    return found


def change_near(zone: ZoneInfo, at: datetime) -> datetime:
    """Return a noon near the next change of offset within 400 days, or `at` where there is none."""
    day = at.astimezone(UTC)
    for _ in range(400):
        following = day + timedelta(days=1)
        if following.astimezone(zone).utcoffset() != day.astimezone(zone).utcoffset():
            return day
        day = following
    return at
