"""Rules of hours, minutes and seconds: elapsed time from the start, judged by the clock on the wall as it runs."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import lcm
from typing import Final
from zoneinfo import ZoneInfo

from schedules.base import LATEST
from schedules.recurrence.days import Days
from schedules.recurrence.parts import Parts
from schedules.walls import change

_DAY: Final = 86400
_HOUR: Final = 3600
_SECONDS: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = _EPOCH.toordinal()
_LAST: Final = int((LATEST - _EPOCH).total_seconds())
_MOST_WINDOWS: Final = 6_000
"""How many days are looked through for the next match: sixteen years, within 100 ms. What drifts through the day by a
minute a day comes round in four."""
_MOST_PAGES: Final = 2


class Elapsed:
    """A rule with its first instant, asked day by day of universal time; instants are seconds since 1970."""

    def __init__(self, parts: Parts, start: datetime, zone: ZoneInfo) -> None:
        self._zone = zone
        self._hours, self._minutes = frozenset(parts.hours), frozenset(parts.minutes)
        self._positions = parts.positions
        self._expands = parts.freq == "HOURLY" and bool(parts.minutes)
        self._days = Days(parts)
        self._step = _SECONDS[parts.freq] * parts.interval
        self._base: int | None = self._first(parts, start)
        self.plain = not (self._hours or self._minutes or self._positions) and self._days.all
        """Whether nothing but the step decides."""
        self._pages: dict[int, array[int]] = {}
        self._counts: dict[tuple[int, int, tuple[int, ...]], int] = {}

    def next(self, after: datetime) -> datetime | None:
        """Return the first instant strictly later than `after`; what lies before the start counts, too."""
        passed = (after - _EPOCH) // timedelta(seconds=1)
        if self._base is None:
            return None
        found = self._step_after(passed + 1) if self.plain else self._search(passed)
        return None if found is None or found > _LAST else _EPOCH + timedelta(seconds=found)

    def tally(self, after: datetime, until: datetime) -> int:
        """Count the instants in (after, until]."""
        low, high = ((at - _EPOCH) // timedelta(seconds=1) for at in (after, until))
        if self._base is None:
            return 0
        if self.plain:
            return (high - self._base) // self._step - (low - self._base) // self._step
        total = 0
        for number in range((low - _HOUR) // _DAY, high // _DAY + 1):
            if low < number * _DAY and (number + 1) * _DAY + _HOUR <= high:
                total += self._count(number)
            else:
                page = self._window(number)
                total += bisect_right(page, high) - bisect_right(page, low)
        return total

    def _first(self, parts: Parts, start: datetime) -> int | None:
        """Return the instant from which steps are counted; it may lie up to an hour before the start.

        An hour that lists its minutes is counted from its beginning, a minute that names its second from that.
        """
        at = int((start - _EPOCH).total_seconds())
        clock = start.astimezone(self._zone)
        if self._expands:
            at -= clock.minute * 60
        if not parts.seconds:
            return at
        if parts.freq != "SECONDLY":
            return at - clock.second + parts.seconds[0]
        # Offsets are whole minutes, so that the second on the clock repeats with the least common multiple.
        ahead = next((k for k in range(60) if (clock.second + k * self._step) % 60 == parts.seconds[0]), None)
        if ahead is None:
            return None
        at += ahead * self._step
        self._step = lcm(self._step, 60)
        return at

    def _step_after(self, at: int) -> int:
        """Return the first step at or after an instant."""
        base = self._base or 0
        return base + -((base - at) // self._step) * self._step

    def _search(self, passed: int) -> int | None:
        number = (passed - _HOUR) // _DAY
        for _ in range(_MOST_WINDOWS):
            day = self._days.next(number - 1 + _EPOCH_ORDINAL)
            if day is None:
                return None
            # A day on the clocks lies within the day before, the same and the next one of universal time.
            number = max(number, day - _EPOCH_ORDINAL - 1, self._step_after(number * _DAY) // _DAY)
            if number * _DAY > _LAST:
                return None
            page = self._page(number)
            place = bisect_right(page, passed)
            if place < len(page):
                return page[place]
            number += 1
        return None

    def _count(self, number: int) -> int:
        """Count a whole window: days alike in their steps, their offset and their dates have equally many."""
        low = number * _DAY
        before, after, _ = self._offsets(low, low + _DAY + _HOUR)
        if before != after:
            return len(self._window(number))
        alike = self._step_after(low) - low, before, tuple(sorted(day - number for day in self._dates(number)))
        if (known := self._counts.get(alike)) is None:
            known = self._counts[alike] = len(self._window(number))
        return known

    def _dates(self, number: int) -> set[int]:
        """Return the selected dates that a window may touch, counted as windows are."""
        ordinals = range(number - 1 + _EPOCH_ORDINAL, number + 3 + _EPOCH_ORDINAL)
        return {ordinal - _EPOCH_ORDINAL for ordinal in ordinals if self._days.next(ordinal) == ordinal}

    def _page(self, number: int) -> "array[int]":
        if (known := self._pages.get(number)) is None:
            if len(self._pages) >= _MOST_PAGES:
                self._pages.clear()
            known = self._pages[number] = self._window(number)
        return known

    def _window(self, number: int) -> "array[int]":
        """Return the matches of all periods that begin within a day of universal time."""
        low = number * _DAY
        periods = range(self._step_after(low), low + _DAY, self._step)
        return array("q", self._matches(periods, low) if periods else ())

    def _matches(self, periods: range, low: int) -> Iterator[int]:
        before, after, changed = self._offsets(low, low + _DAY + _HOUR)
        days = self._dates(low // _DAY)
        for period in periods:
            members = range(period, period + _HOUR, 60) if self._expands else (period,)
            found = [at for at in members if self._shows(at + (before if at < changed else after), days)]
            if self._positions:
                places = {place - 1 if place > 0 else len(found) + place for place in self._positions}
                found = [found[place] for place in sorted(places) if 0 <= place < len(found)]
            yield from found

    def _shows(self, clock: int, days: set[int]) -> bool:
        """Judge seconds since 1970 as a clock on the wall counts them."""
        return (
            clock // _DAY in days
            and (not self._hours or clock % _DAY // _HOUR in self._hours)
            and (not self._minutes or clock % _HOUR // 60 in self._minutes)
        )

    def _offsets(self, low: int, high: int) -> tuple[int, int, int]:
        """Return the offset at both ends, and the instant from which the second one holds."""
        ends = [_EPOCH + timedelta(seconds=at) for at in (low, high)]
        before, after = (int((at.astimezone(self._zone).utcoffset() or timedelta()).total_seconds()) for at in ends)
        if before == after:
            return before, after, high
        return before, after, int((change(self._zone, *ends) - _EPOCH).total_seconds())
