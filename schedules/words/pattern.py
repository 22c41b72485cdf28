"""Recurrence as people speak of it: which days, at which times. Sentences are made of it and read into it.

A pattern stands between rules (rrule, cron) and sentences, so that both directions meet in one form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

Unit = Literal["day", "week", "month", "year"]
WORKDAYS: Final = (0, 1, 2, 3, 4)
"""Monday to Friday; Monday is 0, as in the calendar of Python."""
_FARTHEST_DAY: Final = 366 * 12
"""29 February may be eight years away, and a rarer day nobody can say."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Days at fixed times on the wall clock.

    Of `weekdays`, `nth`, `monthdays` and `workday` at most one is given: weekdays with days and weeks, the others
    with months and years.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    nth: tuple[tuple[int, int], ...] = ()
    """Pairs of place and weekday: (-1, 4) is the last Friday of the month."""
    monthdays: tuple[int, ...] = ()
    """-1 is the last day of the month."""
    workday: int = 0
    """1: the first working day of the month, -1: the last one."""
    months: tuple[int, ...] = ()
    times: tuple[int, ...] = ()
    """Seconds since midnight, rising."""

    def has(self, day: date) -> bool:
        """Tell whether a day fits, whatever `every` says."""
        if self.months and day.month not in self.months:
            return False
        if self.weekdays:
            return day.weekday() in self.weekdays
        if self.nth:
            return any(place == wanted for wanted in self.nth for place in _places(day))
        if self.monthdays:
            return day.day in self.monthdays or (-1 in self.monthdays and _is_last(day))
        return not self.workday or day == _workday(day, self.workday)

    def walls(self, start: datetime) -> Iterator[datetime]:
        """Yield the naive local times from a naive one on, whatever `every` says, as far as they can be said."""
        for ahead in range(_FARTHEST_DAY):
            day = start.date() + timedelta(days=ahead)
            if self.has(day):
                walls = (datetime.combine(day, clock(at)) for at in self.times)
                yield from (wall for wall in walls if wall >= start)


@dataclass(frozen=True, slots=True)
class Running:
    """What follows the running clock: every few minutes, or each hour at a minute."""

    step: int = 0
    """Minutes that divide the hour; 0 where `minute` is meant."""
    minute: int = 0
    weekdays: tuple[int, ...] = ()

    @property
    def expression(self) -> str:
        """The cron expression."""
        minute = "*" if self.step == 1 else f"*/{self.step}" if self.step else str(self.minute)
        days = ",".join(str(day + 1) for day in self.weekdays) or "*"
        return f"{minute} * * * {'1-5' if self.weekdays == WORKDAYS else days}"


def clock(seconds: int) -> time:
    """Return the time of day so many seconds after midnight."""
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _places(day: date) -> tuple[tuple[int, int], tuple[int, int]]:
    left = (_month_end(day) - day).days
    return ((day.day - 1) // 7 + 1, day.weekday()), (-(left // 7 + 1), day.weekday())


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _is_last(day: date) -> bool:
    return day == _month_end(day)


def _workday(day: date, which: int) -> date:
    found = day.replace(day=1) if which > 0 else _month_end(day)
    while found.weekday() not in WORKDAYS:
        found += timedelta(days=which)
    return found
