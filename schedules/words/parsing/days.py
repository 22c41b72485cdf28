"""Days that were named, on the calendar of somebody for whom it is a certain day today."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from schedules.words.parsing.errors import ImpossibleDate
from schedules.words.parsing.values import Day

_YEARS: Final = 9
"""29 February may be eight years away."""
_LEAP_YEAR: Final = 2000
_SATURDAY: Final = 5
_LAST_YEAR: Final = 2200


def dates(day: Day, today: date, words: str) -> Iterator[date]:
    """Yield what a day can mean, the earliest first and none before today unless its year was said.

    Raises ImpossibleDate.
    """
    if day.kind == "date":
        yield from _calendar(day, today, words)
    elif day.kind == "monthday":
        yield from _monthday(day.day or 1, today)
    elif day.kind == "ahead":
        yield _ahead(day, today)
    elif day.kind == "next_week":
        yield today + timedelta(days=7 - today.weekday() + (day.weekday or 0))
    else:
        wanted = _SATURDAY if day.kind == "weekend" else day.weekday or 0
        first = today + timedelta(days=(wanted - today.weekday()) % 7)
        yield first + timedelta(days=7) if day.next and first == today else first
        yield first + timedelta(days=14 if day.next and first == today else 7)


def _calendar(day: Day, today: date, words: str) -> Iterator[date]:
    month, number = day.month or 1, day.day or 1
    if not 1 <= month <= 12 or number > monthrange(day.year or _LEAP_YEAR, month)[1]:  # noqa: PLR2004  months
        raise ImpossibleDate(words)
    if day.year is not None and day.year > _LAST_YEAR:
        raise ImpossibleDate(words)
    years = [day.year] if day.year is not None else range(today.year, today.year + _YEARS)
    found = [date(year, month, number) for year in years if number <= monthrange(year, month)[1]]
    fits = [each for each in found if day.weekday is None or each.weekday() == day.weekday]
    if day.weekday is not None and fits[:1] != [each for each in found if day.year or each >= today][:1]:
        # Friday the 26th that is a Thursday: one of the two is a slip of the hand.
        raise ImpossibleDate(words)
    yield from (each for each in fits if day.year is not None or each >= today)


def _monthday(number: int, today: date) -> Iterator[date]:
    for ahead in range(24):
        year, month = today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1
        length = monthrange(year, month)[1]
        found = date(year, month, length) if number == -1 else None
        if 1 <= number <= length:
            found = date(year, month, number)
        if found is not None and found >= today:
            yield found


def _ahead(day: Day, today: date) -> date:
    if day.unit in {"day", "week"}:
        found = today + timedelta(days=day.ahead * (7 if day.unit == "week" else 1))
        # “Next week” begins on Monday, “next month” on the first.
        return found - timedelta(days=found.weekday()) if day.next else found
    found = later(today, day.ahead * (12 if day.unit == "year" else 1))
    return found.replace(day=1, **({"month": 1} if day.unit == "year" else {})) if day.next else found


def later(day: date, months: int) -> date:
    """Return the day so many months later, or the last one of that month where there is no such day."""
    month = day.month - 1 + months
    year, number = day.year + month // 12, month % 12 + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))
