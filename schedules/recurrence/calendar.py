"""Rules of days, weeks, months and years as naive local times."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from schedules.base import LATEST
from schedules.recurrence.days import Days
from schedules.recurrence.parts import Parts

_DAY: Final = 86400
_MOST_PAGES: Final = 4


def anchored(parts: Parts, start: datetime) -> Parts:
    """Fill in what a rule leaves to its start: the time of day, and which day where no part says so."""
    filled: dict[str, Any] = {
        "hours": parts.hours or (start.hour,),
        "minutes": parts.minutes or (start.minute,),
        "seconds": parts.seconds or (start.second,),
    }
    if not (parts.year_days or parts.month_days or parts.weekdays) and parts.freq != "DAILY":
        if parts.freq == "WEEKLY" or parts.weeks:
            return replace(parts, weekdays=((0, start.weekday()),), **filled)
        months = parts.months or ((start.month,) if parts.freq == "YEARLY" else ())
        return replace(parts, months=months, month_days=(start.day,), **filled)
    return replace(parts, **filled)


class Calendar:
    """A rule with its start, asked year by year; knows no zone, and nothing of what lies before the start."""

    def __init__(self, parts: Parts, start: datetime) -> None:
        full = anchored(parts, start)
        self.times = [
            (hour * 60 + minute) * 60 + second
            for hour in full.hours
            for minute in full.minutes
            for second in full.seconds
        ]
        """Seconds of the day, rising."""
        self._freq, self._interval, self._week_start = full.freq, full.interval, full.week_start
        self._days = Days(full)
        self._origin = self._period(start.toordinal())
        self._positions = full.positions
        self._pages: dict[int, array[int]] = {}

    def next(self, wall: datetime) -> datetime | None:
        """Return the first local time strictly later than this one; None past the year 2200."""
        passed = wall.toordinal() * _DAY + (wall.hour * 60 + wall.minute) * 60 + wall.second
        search = self._first_position if self._positions else self._first_time
        for year in range(wall.year, LATEST.year + 2):
            if (found := search(self._page(year), passed)) is not None:
                day, second = divmod(found, _DAY)
                return datetime.fromordinal(day) + timedelta(seconds=second)
        return None

    def tally(self, low: datetime, high: datetime) -> int:
        """Count the local times in (low, high]."""
        return self._before(high, low.year) - self._before(low, low.year)

    def _before(self, wall: datetime, since: int) -> int:
        """Count the local times from New Year of `since` up to and with a wall time."""
        each = 1 if self._positions else len(self.times)
        whole = sum(len(self._page(year)) for year in range(since, wall.year)) * each
        page, day = self._page(wall.year), wall.toordinal()
        second = (wall.hour * 60 + wall.minute) * 60 + wall.second
        if self._positions:
            return whole + bisect_right(page, day * _DAY + second)
        place = bisect_left(page, day)
        today = bisect_right(self.times, second) if place < len(page) and page[place] == day else 0
        return whole + place * each + today

    def _first_time(self, days: "array[int]", passed: int) -> int | None:
        """Search days that all have the same times of day."""
        day, second = divmod(passed, _DAY)
        place = bisect_left(days, day)
        if place < len(days) and days[place] == day:
            if (later := bisect_right(self.times, second)) < len(self.times):
                return day * _DAY + self.times[later]
            place += 1
        return days[place] * _DAY + self.times[0] if place < len(days) else None

    @staticmethod
    def _first_position(instants: "array[int]", passed: int) -> int | None:
        """Search instants that were chosen one by one."""
        place = bisect_right(instants, passed)
        return instants[place] if place < len(instants) else None

    def _page(self, year: int) -> "array[int]":
        """Return a year's days as ordinals or, where positions choose, its instants in seconds."""
        if (known := self._pages.get(year)) is None:
            if len(self._pages) >= _MOST_PAGES:
                self._pages.clear()
            page = array("q", self._chosen(year)) if self._positions else array("l", self._aligned(year))
            known = self._pages[year] = page
        return known

    def _aligned(self, year: int) -> Iterator[int]:
        """Yield the days of a year that lie in periods of the rule."""
        begins = date(year, 1, 1).toordinal()
        if self._freq == "YEARLY" and (year - self._origin) % self._interval:
            return
        for day in self._days.of_year(year):
            ordinal = begins + day
            if self._interval == 1 or (self._period(ordinal) - self._origin) % self._interval == 0:
                yield ordinal

    def _chosen(self, year: int) -> Iterator[int]:
        """Yield the instants of a year that BYSETPOS chooses; weeks may begin before it and end after it."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        days = list(self._aligned(year))
        if self._freq == "WEEKLY":
            before, after = self._aligned(year - 1), self._aligned(year + 1)
            days = [day for day in before if day > first - 7] + days + [day for day in after if day < last + 7]
        for _, period in groupby(days, self._period):
            members = list(period)
            total = len(members) * len(self.times)
            places = {place - 1 if place > 0 else total + place for place in self._positions}
            for place in sorted(places):
                if 0 <= place < total and first <= (day := members[place // len(self.times)]) <= last:
                    yield day * _DAY + self.times[place % len(self.times)]

    def _period(self, ordinal: int) -> int:
        """Number the period (day, week, month or year) that holds a day."""
        if self._freq == "DAILY":
            return ordinal
        if self._freq == "WEEKLY":
            # Day 1 of the proleptic calendar is a Monday.
            return (ordinal - 1 - self._week_start) // 7
        day = date.fromordinal(ordinal)
        return day.year if self._freq == "YEARLY" else day.year * 12 + day.month
