"""What becomes of occurrences on holidays: left out, or moved to a working day at the same local time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from schedules import walls
from schedules.base import EARLIEST, LATEST, Instant, Stored
from schedules.days_off import LONGEST_RUN, DaysOff
from schedules.layers import TICK, Source, day_start, tally_day

STEPS: Final = {"before": timedelta(days=-1), "after": timedelta(days=1)}
_DAY: Final = timedelta(days=1)
_MARGIN: Final = timedelta(days=31)
"""How far from a range a holiday may lie whose occurrences were moved into it, when they are only counted."""
_MOST_DAYS: Final = 8
_CROWDED: Final = 200


class Leaving:
    """Without what falls on a holiday."""

    def __init__(self, source: Source, zone: ZoneInfo, days_off: DaysOff) -> None:
        self._source, self._zone, self._days_off = source, zone, days_off

    def next(self, after: datetime) -> Instant | None:
        """Pass over holidays, a date at a time."""
        while (found := self._source.next(after)) and found.local.date() in self._days_off:
            after = max(found.at, day_start(found.local.date() + _DAY, self._zone) - TICK)
        return found

    def tally(self, after: datetime, until: datetime) -> int:
        """Count, and take off the holidays."""
        low, high = after.astimezone(self._zone).date(), until.astimezone(self._zone).date()
        holidays = self._days_off.between(low, high)
        taken = sum(tally_day(self._source, day, self._zone, after, until) for day in holidays)
        return self._source.tally(after, until) - taken


class Moving:
    """With what falls on a holiday moved to the nearest working day before or after it.

    A working day is neither a holiday nor part of the weekend. What falls on a weekend that is no holiday stays.
    Occurrences that meet are one. Days are put together one by one, since what is moved may come between others.
    """

    def __init__(self, source: Source, zone: ZoneInfo, days_off: DaysOff, stored: Stored) -> None:
        self._source, self._zone, self._days_off = source, zone, days_off
        self._step = STEPS[stored["on_holiday"]]
        self._policy = stored.get("dst_gap", "next_valid"), stored.get("dst_fold", "first")
        self._days: dict[date, tuple[Instant, ...]] = {}
        self._holidays: dict[date, tuple[date, ...]] = {}

    def next(self, after: datetime) -> Instant | None:
        """Look at the day of `after`, and then from one day that may have occurrences to the next one."""
        day: date | None = after.astimezone(self._zone).date()
        while day:
            if found := self._within(day, after):
                return found
            day = self._later(day)
        return None

    def tally(self, after: datetime, until: datetime) -> int:
        """Count, take off the holidays, and add what they became; where days are crowded, by their numbers alone."""
        low, high = (at.astimezone(self._zone).date() for at in (after, until))
        total, targets = self._source.tally(after, until), set()
        for holiday in self._days_off.between(low - _MARGIN, high + _MARGIN):
            total -= tally_day(self._source, holiday, self._zone, after, until)
            targets.add(self._days_off.nearest(holiday, self._step))
        return total + sum(self._tally_moved(day, after, until) for day in targets if day and low <= day <= high)

    def _tally_moved(self, day: date, after: datetime, until: datetime) -> int:
        """Count what was moved to a day and met nothing there."""
        counts = [tally_day(self._source, found, self._zone, EARLIEST, LATEST) for found in (day, *self._into(day))]
        if sum(counts) > _CROWDED:
            return max(0, max(counts) - counts[0])
        moved = (instant for instant in self._on(day) if "holiday_moved" in instant.flags)
        return sum(after < instant.at <= until for instant in moved)

    def _within(self, day: date, after: datetime) -> Instant | None:
        """Return the first occurrence on a day that is later than `after`."""
        if day in self._days_off:
            return None
        if self._into(day):
            return next((instant for instant in self._on(day) if instant.at > after), None)
        # Nothing is moved to most days, and the rule alone knows best.
        found = self._source.next(max(after, day_start(day, self._zone) - TICK))
        return found if found and found.local.date() == day else None

    def _later(self, day: date) -> date | None:
        """Return the first day after this one that may have occurrences."""
        found = self._source.next(day_start(day + _DAY, self._zone) - TICK)
        own = found.local.date() if found else None
        if self._step > timedelta():
            # What was moved on from here, or from the days before, waits on the next working day.
            waiting = None if self._days_off.works(day) else self._days_off.nearest(day, self._step)
            return min((later for later in (own, waiting) if later), default=None)
        if own and not self._days_off.works(own):
            earlier = self._days_off.nearest(own, self._step)
            if earlier and earlier > day and self._on(earlier):
                return earlier
        return own

    def _into(self, day: date) -> tuple[date, ...]:
        """Return the holidays from which occurrences are moved to a day."""
        if (known := self._holidays.get(day)) is None:
            if len(self._holidays) >= _MOST_DAYS:
                self._holidays.clear()
            known = self._holidays[day] = tuple(self._run(day)) if self._days_off.works(day) else ()
        return known

    def _run(self, day: date) -> Iterator[date]:
        for count in range(1, LONGEST_RUN):
            neighbour = day - self._step * count
            if self._days_off.works(neighbour):
                return
            if neighbour in self._days_off:
                yield neighbour

    def _on(self, day: date) -> tuple[Instant, ...]:
        """Return what happens on a day that is no holiday, its own and what was moved there, in order."""
        if (known := self._days.get(day)) is None:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            found = {instant.at: instant for instant in self._own(day)}
            for holiday in self._into(day):
                for instant in self._own(holiday):
                    for moved in self._moved(instant, day):
                        found.setdefault(moved.at, moved)
            known = self._days[day] = tuple(found[at] for at in sorted(found))
        return known

    def _own(self, day: date) -> list[Instant]:
        found: list[Instant] = []
        after, end = day_start(day, self._zone) - TICK, day_start(day + _DAY, self._zone)
        while (coming := self._source.next(after)) and coming.at < end:
            after = coming.at
            found.append(coming)
        return found

    def _moved(self, instant: Instant, day: date) -> list[Instant]:
        wall = datetime.combine(day, instant.local.time().replace(fold=0))
        placed = walls.place(wall, self._zone, *self._policy)
        return [Instant(at.at, at.local, at.timezone, (*at.flags, "holiday_moved")) for at in placed if at.at <= LATEST]
