"""Which days of a year a rule selects.

That depends only on the weekday with which the year begins, on its length and on that of the year before: 21 shapes,
each worked out once.
"""

from array import array
from bisect import bisect_left
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

from schedules.base import LATEST
from schedules.recurrence.parts import Parts

_WEEK: Final = 7
_PIVOT: Final = 3
"""A week belongs to the year that holds its fourth day."""


class Days:
    """The parts of a rule that judge a day; asks for no interval and no position."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.all = not (parts.months or parts.weeks or parts.year_days or parts.month_days or parts.weekdays)
        self._weekdays = {weekday for ordinal, weekday in parts.weekdays if not ordinal}
        self._numbered = {(ordinal, weekday) for ordinal, weekday in parts.weekdays if ordinal}
        self._by_year = parts.freq == "YEARLY" and not parts.months
        self._shapes: dict[tuple[int, bool, bool], array[int]] = {}

    def of_year(self, year: int) -> "array[int]":
        """Return the selected days of a year, counted from 0."""
        shape = (date(year, 1, 1).weekday(), isleap(year), isleap(year - 1))
        if (known := self._shapes.get(shape)) is None:
            known = self._shapes[shape] = array("h", self._select(year, shape[0]))
        return known

    def next(self, ordinal: int) -> int | None:
        """Return the first selected day at or after a day, as proleptic ordinals; None past the year 2200."""
        if self.all:
            return ordinal
        first = date.fromordinal(ordinal).year
        for year in range(first, LATEST.year + 2):
            begins = date(year, 1, 1).toordinal()
            days = self.of_year(year)
            place = bisect_left(days, ordinal - begins) if year == first else 0
            if place < len(days):
                return begins + days[place]
        return None

    def _select(self, year: int, first: int) -> Iterator[int]:
        length = 366 if isleap(year) else 365
        parts, begins = self._parts, 0
        for month in range(1, 13):
            month_length = monthrange(year, month)[1]
            if not parts.months or month in parts.months:
                for day in range(begins, begins + month_length):
                    weekday = (first + day) % _WEEK
                    scope = (day, length) if self._by_year else (day - begins, month_length)
                    if (
                        _listed(parts.month_days, day - begins, month_length)
                        and _listed(parts.year_days, day, length)
                        and self._weekday_fits(weekday, *scope)
                        and (not parts.weeks or self._week_fits(year, day, weekday, length))
                    ):
                        yield day
            begins += month_length

    def _weekday_fits(self, weekday: int, day: int, length: int) -> bool:
        if not self._parts.weekdays or weekday in self._weekdays:
            return True
        forwards, backwards = day // _WEEK + 1, -((length - 1 - day) // _WEEK + 1)
        return (forwards, weekday) in self._numbered or (backwards, weekday) in self._numbered

    def _week_fits(self, year: int, day: int, weekday: int, length: int) -> bool:
        pivot = day - (weekday - self._parts.week_start) % _WEEK + _PIVOT
        if pivot < 0:
            length = 366 if isleap(year - 1) else 365
            pivot += length
        elif pivot >= length:
            # The first week of the next year, whose length matters only to weeks counted from its end.
            pivot, length = pivot - length, 366 if isleap(year + 1) else 365
        return pivot // _WEEK + 1 in self._parts.weeks or -((length - 1 - pivot) // _WEEK + 1) in self._parts.weeks


def _listed(wanted: tuple[int, ...], place: int, length: int) -> bool:
    """Judge a place (from 0) in something of this length; negative numbers count from its end."""
    return not wanted or place + 1 in wanted or place - length in wanted
