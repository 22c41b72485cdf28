"""What lies around a rule: its start and end, what is left out, and what comes on top."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from schedules import walls
from schedules.base import Instant
from schedules.moments import instant

TICK: Final = timedelta(microseconds=1)
"""Steps back from an instant, so that `next`, which is strictly later, finds the instant itself."""
DATE_LENGTH: Final = len("2026-12-24")
_DAY: Final = timedelta(days=1)


class Source(Protocol):
    """Whatever has occurrences: a rule, or a layer around one."""

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence strictly later than `after` (UTC), or None."""

    def tally(self, after: datetime, until: datetime) -> int:
        """Count the occurrences in (after, until]."""


class Bounded:
    """From just after an instant up to another one."""

    def __init__(self, source: Source, begins_after: datetime, until: datetime) -> None:
        self._source, self._begins_after, self._until = source, begins_after, until

    def next(self, after: datetime) -> Instant | None:
        """Ask only between start and end."""
        if after >= self._until:
            return None
        found = self._source.next(max(after, self._begins_after))
        return None if found is None or found.at > self._until else found

    def tally(self, after: datetime, until: datetime) -> int:
        """Count between start and end."""
        low, high = max(after, self._begins_after), min(until, self._until)
        return self._source.tally(low, high) if low < high else 0


class Excluding:
    """Without some instants, and without all that falls on some local dates."""

    def __init__(self, source: Source, zone: ZoneInfo, excluded: Iterable[str]) -> None:
        self._source, self._zone = source, zone
        words = sorted(excluded)
        self._dates = {date.fromisoformat(word) for word in words if len(word) == DATE_LENGTH}
        times = (word for word in words if len(word) > DATE_LENGTH)
        self._instants = {at for word in times for at in _meant(word, zone)}

    def next(self, after: datetime) -> Instant | None:
        """Pass over what is left out, a date at a time."""
        while found := self._source.next(after):
            if found.local.date() in self._dates:
                after = max(found.at, day_start(found.local.date() + _DAY, self._zone) - TICK)
            elif found.at in self._instants:
                after = found.at
            else:
                break
        return found

    def tally(self, after: datetime, until: datetime) -> int:
        """Count, and take off what is left out."""
        total = self._source.tally(after, until)
        for day in self._dates:
            total -= tally_day(self._source, day, self._zone, after, until)
        for at in self._instants:
            if after < at <= until and at.astimezone(self._zone).date() not in self._dates:
                found = self._source.next(at - TICK)
                total -= found is not None and found.at == at
        return total


class Including:
    """With some occurrences on top; two that meet are one."""

    def __init__(self, source: Source, included: Iterable[Instant]) -> None:
        self._source = source
        self._included = sorted(included, key=lambda instant: instant.at)
        self._instants = [instant.at for instant in self._included]

    def next(self, after: datetime) -> Instant | None:
        """Return whichever comes first."""
        found = self._source.next(after)
        place = bisect_right(self._instants, after)
        if place == len(self._instants) or (found and found.at <= self._instants[place]):
            return found
        return self._included[place]

    def tally(self, after: datetime, until: datetime) -> int:
        """Count both, and once where they meet."""
        total = self._source.tally(after, until)
        for at in {at for at in self._instants if after < at <= until}:
            found = self._source.next(at - TICK)
            total += found is None or found.at != at
        return total


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant (UTC) of a local date; of a date that the zone left out, the end of the gap."""
    midnight = datetime.combine(day, datetime.min.time())
    shown = walls.passes(midnight, zone)
    return shown[0] if shown else walls.gap_end(midnight, zone)


def tally_day(source: Source, day: date, zone: ZoneInfo, after: datetime, until: datetime) -> int:
    """Count what a source has on a local date and within (after, until]."""
    low = max(after, day_start(day, zone) - TICK)
    high = min(until, day_start(day + _DAY, zone) - TICK)
    return source.tally(low, high) if low < high else 0


def _meant(text: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants that a date-time leaves out: both passes where it comes twice, the end of a gap."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None and (shown := walls.passes(at, zone)):
        return shown
    placed = instant(text, zone)
    return () if placed is None else (placed,)
