"""The five fields of a cron expression, and which naive local times they match.

cronsim reads plain fields (names, lists, ranges, steps). What the matching days of a month are depends only on
its number, its length and the weekday of its first day: 28 shapes, each worked out once.
"""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cronsim.cronsim import CronSimError, Field

from schedules.base import LATEST, ScheduleError

ALIASES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_FIELDS: Final = (
    (Field.MINUTE, "minute", 0, 59),
    (Field.HOUR, "hour", 0, 23),
    (Field.DAY, "day-of-month", 1, 31),
    (Field.MONTH, "month", 1, 12),
    (Field.DOW, "day-of-week", 0, 7),
)
_SPECIAL_DAY = re.compile(r"(L|LW|(?:0?[1-9]|[12]\d|3[01])W)", re.ASCII)
_SPECIAL_WEEKDAY = re.compile(r"([0-7])(L|#[1-5])", re.ASCII)
_TERM = r"(?:\*|(?:\d{1,3}|[A-Z]{3})(?:-(?:\d{1,3}|[A-Z]{3}))?)(?:/\d{1,3})?"
_PLAIN = re.compile(rf"{_TERM}(?:,{_TERM})*", re.ASCII)
_WEEKDAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SATURDAY, _SUNDAY = 6, 0


class CronFields:
    """A parsed expression; asks no clock and knows no zone."""

    def __init__(self, expression: str) -> None:
        self.parts = _split(expression)
        minute, hour, day, month, weekday = self.parts
        self.running = "*" in minute or "*" in hour
        """Whether it follows the running clock rather than fixed times of day."""
        self.minutes = sorted(_plain(0, minute))
        self.hours = sorted(_plain(1, hour))
        self.months = sorted(_plain(3, month))
        self.times = [hour * 60 + minute for hour in self.hours for minute in self.minutes]
        self._days, self._special_days = _with_special(2, day, _SPECIAL_DAY)
        weekdays, self.nth_weekdays = _with_special(4, _numbered(weekday), _SPECIAL_WEEKDAY)
        self.weekdays = {number % 7 for number in weekdays}
        # Vixie's rule: either of the two is enough only where both are restricted.
        self._both_needed = day.startswith("*") or weekday.startswith("*")
        self._shapes: dict[tuple[int, int], list[int]] = {}

    def days(self, year: int, month: int) -> list[int]:
        """Return the matching days of a month, of whatever month it is."""
        shape = monthrange(year, month)
        if (known := self._shapes.get(shape)) is None:
            known = self._shapes[shape] = list(self._matching_days(*shape))
        return known

    def next(self, wall: datetime) -> datetime | None:
        """Return the first matching minute strictly later than a naive local time; None past the year 2200."""
        year, month, day = wall.year, wall.month, wall.day
        if month in self.months:
            days = self.days(year, month)
            place = bisect_right(self.times, wall.hour * 60 + wall.minute)
            if day in days and place < len(self.times):
                return _at(year, month, day, self.times[place])
            if (rest := bisect_right(days, day)) < len(days):
                return _at(year, month, days[rest], self.times[0])
        for later in range(year, LATEST.year + 2):
            for number in self.months:
                if (later > year or number > month) and (days := self.days(later, number)):
                    return _at(later, number, days[0], self.times[0])
        return None

    def tally(self, low: datetime, high: datetime) -> int:
        """Count the matching minutes in (low, high], both naive."""
        return self._before(high, low.year) - self._before(low, low.year)

    def _before(self, wall: datetime, since: int) -> int:
        """Count the matching minutes from New Year of `since` up to and with a wall time."""
        whole = sum(
            len(self.days(year, month))
            for year in range(since, wall.year + 1)
            for month in self.months
            if (year, month) < (wall.year, wall.month)
        )
        days = self.days(wall.year, wall.month) if wall.month in self.months else []
        today = bisect_right(self.times, wall.hour * 60 + wall.minute) if wall.day in days else 0
        return (whole + sum(day < wall.day for day in days)) * len(self.times) + today

    def _matching_days(self, first: int, length: int) -> Iterator[int]:
        named = self._named_days(first, length)
        nth = self._nth_weekdays(first, length)
        for day in range(1, length + 1):
            by_day = day in self._days or day in named
            by_weekday = _weekday(first, day) in self.weekdays or day in nth
            if (by_day and by_weekday) if self._both_needed else (by_day or by_weekday):
                yield day

    def _named_days(self, first: int, length: int) -> set[int]:
        """Work out `L`, `LW` and `15W` for a month."""
        found = set()
        for word in self._special_days:
            day = length if word in {"L", "LW"} else int(word[:-1])
            # The 31st of a month with 30 days is skipped, also with W.
            if day <= length:
                found.add(_nearest_workday(first, day, length) if word.endswith("W") else day)
        return found

    def _nth_weekdays(self, first: int, length: int) -> set[int]:
        """Work out `5L` (the last Friday) and `1#2` (the second Monday) for a month."""
        found = set()
        for word in self.nth_weekdays:
            days = [day for day in range(1, length + 1) if _weekday(first, day) == int(word[0]) % 7]
            place = -1 if word[1] == "L" else int(word[2]) - 1
            if place < len(days):
                found.add(days[place])
        return found


def _at(year: int, month: int, day: int, minute: int) -> datetime:
    return datetime(year, month, day, minute // 60, minute % 60)  # noqa: DTZ001  local times are naive on purpose here


def _weekday(first: int, day: int) -> int:
    """Number a day's weekday as cron does (0 is Sunday); `first` is the calendar's (0 is Monday)."""
    return (first + day) % 7


def _nearest_workday(first: int, day: int, length: int) -> int:
    """Move a weekend day to the nearest working day of the same month."""
    if _weekday(first, day) == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if _weekday(first, day) == _SUNDAY:
        return day + 1 if day < length else day - 2
    return day


def _split(expression: str) -> list[str]:
    known = ALIASES.get(expression.strip().lower(), expression)
    parts = known.upper().split()
    if known.startswith("@"):
        message = f"there is no such short form; the known ones are {', '.join(ALIASES)}"
    elif len(parts) == len(_FIELDS) + 1:
        message = "six fields: seconds are not supported; leave the field of seconds out"
    elif len(parts) != len(_FIELDS):
        message = "write five fields: minute hour day-of-month month day-of-week, such as 0 9 * * MON-FRI"
    else:
        return parts
    raise ScheduleError(message, field="schedule.expression")


def _numbered(text: str) -> str:
    """Write weekday names as numbers; a range up to Sunday ends at 7."""
    text = re.sub(r"-(SUN|0)\b", "-7", text)
    for number, name in enumerate(_WEEKDAY_NAMES):
        text = re.sub(rf"\b{name}(?=L?\b)", str(number), text)
    return text


def _with_special(place: int, text: str, special: re.Pattern[str]) -> tuple[set[int], list[str]]:
    words = text.split(",")
    found = [word for word in words if special.fullmatch(word)]
    plain = [word for word in words if not special.fullmatch(word)]
    return (_plain(place, ",".join(plain)) if plain else set()), found


def _plain(place: int, text: str) -> set[int]:
    field, name, low, high = _FIELDS[place]
    try:
        # The words with a meaning of their own have been taken out before; what cronsim makes of them is not wanted.
        found = field.parse(text) if _PLAIN.fullmatch(text) else set()
    except CronSimError:
        found = set()
    numbers = {number for number in found if isinstance(number, int)}
    if not numbers:
        extra = {2: ", L, LW and 15W", 4: ", names, 5L and 1#2"}.get(place, "")
        message = f"the {name} field takes {low}-{high}, *, lists, steps and rising ranges{extra}"
        raise ScheduleError(message, field="schedule.expression")
    if any(int(step) > high - low for step in re.findall(r"/(\d+)", text)):
        message = f"a step in the {name} field exceeds {low}-{high}; for every 90 minutes use `interval`"
        raise ScheduleError(message, field="schedule.expression")
    return numbers
