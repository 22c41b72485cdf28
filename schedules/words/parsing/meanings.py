"""What the lines of every grammar mean: small functions from the values of slots to a clause."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from schedules.words.parsing.lexers import LIKELY_LATER, days_between, is_moment
from schedules.words.parsing.values import HALVES, Clause, Clock, Day, Length, Moment
from schedules.words.pattern import WORKDAYS

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}
_LAST: Final = -1
_MONTH_DAYS, _MONTH_PLACES = 31, 5
_HOUR, _NOON = 60, 12

Meaning = Callable[..., Any]


def clause(**values: object) -> Meaning:
    """Mean the same whatever the slots took; what they took is kept under their names."""
    return lambda **taken: {**values, **taken}


def given(**named: str) -> Meaning:
    """Rename slots: `given(zone="city")`."""
    return lambda **taken: {name: taken[slot] for name, slot in named.items()}


def constant(value: object) -> Meaning:
    """Mean a fixed value."""
    return lambda **_: value


# Days.
def calendar(day: int, month: int, year: int | None = None) -> Day | None:
    """A date of a month; whether there is one is judged later, because “31 February” deserves its own answer."""
    return Day("date", year, month, day) if 1 <= day <= _MONTH_DAYS else None


def checked(day: Day | None, weekday: int | None) -> Day | None:
    """Friday, 3 June: a date that also says its weekday, which must agree."""
    return day if day is None or weekday is None else replace(day, weekday=weekday)


def dated(day: int, month: int, year: int | None = None, weekday: int | None = None) -> Day | None:
    """Friday, 3 June 2027."""
    return checked(calendar(day, month, year), weekday)


def iso_date(date: tuple[int, int, int]) -> Day | None:
    """2027-06-03."""
    year, month, day = date
    return Day("date", year, month, day) if 1 <= month <= _NOON and 1 <= day <= _MONTH_DAYS else None


def numeric(*, dots: bool) -> Meaning:
    """03/04, or 3.4. where dots are how dates are written."""

    def mean(date: tuple[int, int, int | None, str]) -> Day | None:
        first, second, year, sign = date
        if (sign == ".") is not dots or not (1 <= first <= _MONTH_DAYS and 1 <= second <= _MONTH_DAYS):
            return None
        if second > _NOON and dots:
            return None
        return Day("date", year, second, first, swappable=not dots)

    return mean


def ahead(length: Length) -> Day | None:
    """In two weeks; hours are no days."""
    return Day("ahead", ahead=length.count, unit=length.unit) if length.unit else None


def on_weekday(weekday: int, *, following: bool = False) -> Day:
    """On Friday, next Friday."""
    return Day("weekday", weekday=weekday, next=following)


def with_part(day: Day, part: str) -> Day | None:
    """Tomorrow morning."""
    return replace(day, part=part) if day.part is None else None


# Times of day.
def half(clock: Clock, half: str) -> Clock | None:
    """5 pm."""
    return clock.sure("am" if half == "am" else "pm") if clock.hour and clock.hour <= _NOON else None


def in_part(clock: Clock, part: str) -> Clock | None:
    """5 in the morning; with a 24-hour clock the part must agree."""
    if clock.hour > _NOON or not clock.hour:
        return clock if (HALVES[part] == "pm") is (clock.hour >= _NOON) else None
    if part == "night" and (clock.hour < 6 or clock.hour == _NOON):  # noqa: PLR2004  three at night is three in the morning
        return clock.sure("am")
    return clock.sure(HALVES[part])


def past(minutes: int, hour: Clock, *, before: bool = False) -> Clock | None:
    """A quarter past three, ten to four."""
    if hour.minute or not 0 < minutes < _HOUR:
        return None
    minute = (hour.hour * _HOUR + (-minutes if before else minutes)) % 1440
    unsure = 0 < hour.hour <= _NOON
    return Clock(minute // _HOUR, minute % _HOUR, 0, unsure, unsure and minute // _HOUR <= LIKELY_LATER)


def bare_hour(hour: int, *, likely_until: int = LIKELY_LATER, unsure_until: int = 11) -> Clock | None:
    """Five, at 5."""
    unsure = 1 <= hour <= unsure_until
    return Clock(hour, 0, 0, unsure, unsure and hour <= likely_until) if hour < 24 else None  # noqa: PLR2004  hours


def spoken(hour: int, minute: int) -> Clock | None:
    """At nine thirty."""
    clock = bare_hour(hour)
    return replace(clock, minute=minute) if clock and 10 <= minute < _HOUR else None  # noqa: PLR2004  “nine five” is no time


def by_uhr(hour: Clock, minute: int = 0) -> Clock | None:
    """3 Uhr, 16 Uhr 30: a 24-hour clock, but three is often said for fifteen."""
    if hour.minute:
        return hour if not minute else None
    return Clock(hour.hour, minute, 0, unsure=hour.unsure and hour.hour <= LIKELY_LATER)


# Lengths.
def length(count: float, unit: str) -> Length | None:
    """Two weeks; half a day is no length that can be counted on a calendar."""
    if unit in _SECONDS:
        return Length(timedelta(seconds=round(count * _SECONDS[unit])))
    return Length(None, int(count), unit) if count == int(count) else None


def lengths(parts: tuple[Length, ...]) -> Length | None:
    """An hour and twenty minutes."""
    if len(parts) == 1:
        return parts[0]
    if any(part.elapsed is None for part in parts):
        return None
    return Length(sum((part.elapsed for part in parts if part.elapsed), timedelta()))


def and_half(length: Length, size: float = 0.5) -> Length | None:
    """An hour and a half."""
    if length.elapsed is None:
        return None
    unit = next(unit for unit in (3600, 60, 1) if length.elapsed.total_seconds() % unit == 0)
    return Length(length.elapsed + timedelta(seconds=unit * size))


def fixed(**amount: float) -> Meaning:
    """A fixed length: half an hour."""
    return lambda **_: Length(timedelta(**amount))


# Clauses.
def after(length: Length) -> Clause:
    """In 20 minutes; in two days, which is a date."""
    day = ahead(length)
    return {"after": length.elapsed} if day is None else {"day": day}


def rate(length: Length | None) -> Clause | None:
    """Every 90 minutes; every 2 weeks."""
    if length is None:
        return None
    if length.elapsed is not None:
        return {"elapsed": length.elapsed}
    return {"rate": (length.unit, length.count)} if length.count else None


def weekly(weekdays: tuple[int, ...], part: str | None = None, every: int = 1) -> Clause:
    """Every Tuesday and Thursday."""
    said: Clause = {"weekdays": tuple(sorted(set(weekdays))), "rate": ("week", every)}
    return said | ({"part": part} if part else {})


def every_nth(place: int, weekday: int) -> Clause | None:
    """Every second Friday: every other one, or the second of the month."""
    if place == 2:  # noqa: PLR2004  only “second” is also said for “other”
        return weekly((weekday,), every=2) | {"doubt": "other", "doubtful": ((2, weekday),)}
    if place not in {1, 3, 4, 5, _LAST}:
        return None
    doubt = {"doubt": "place"} if place > 1 else {}
    return nth((place,), weekday) | {"rate": ("month", 1)} | doubt


def weekday_range(first: int, last: int) -> Clause:
    """Monday to Friday."""
    return weekly(days_between(first, last))


def habit(part: str) -> Clause:
    """Abends: this evening, or every evening."""
    return {"part": part, "habit": True}


def weekly_range(days: tuple[int, ...]) -> Clause:
    """Mon-Fri, as one word."""
    return weekly(days)


def nth(places: tuple[int, ...], weekday: int) -> Clause:
    """On the first and third Friday."""
    return {"nth": tuple(sorted((place, weekday) for place in places))}


def nths(each: tuple[tuple[int, int], ...]) -> Clause:
    """On the first Monday and third Friday."""
    return {"nth": tuple(sorted(each))}


def place(place: int, weekday: int) -> tuple[int, int] | None:
    """The first Monday."""
    return (place, weekday) if place == _LAST or 1 <= place <= _MONTH_PLACES else None


def monthly(of: Clause, every: int = 1) -> Clause:
    """Of every month."""
    return {**of, "rate": ("month", every)}


def monthdays(days: tuple[int, ...]) -> Clause | None:
    """On the 1st and 15th; -1 is the last day."""
    fits = all(1 <= day <= _MONTH_DAYS or day == _LAST for day in days)
    return {"monthdays": tuple(sorted(set(days)))} if fits else None


def yearly(day: Day) -> Clause | None:
    """Every 24 December."""
    return {"day": day, "rate": ("year", 1)} if day.kind == "date" and day.year is None and not day.swappable else None


def workdays(part: str | None = None) -> Clause:
    """Every weekday."""
    return weekly(WORKDAYS, part)


def weekends() -> Clause:
    """Every weekend."""
    return weekly((5, 6)) | {"doubt": "weekend"}


def one_day(day: Day) -> Clause:
    """On Friday."""
    return {"day": day}


def moment(day: Day | None = None, clock: Clock | None = None, text: str | None = None) -> Moment | None:
    """1 December at 9, or an instant written out."""
    return None if text is not None and not is_moment(text) else Moment(day, clock, text)


def at_moment(text: str) -> Clause | None:
    """2026-12-01T09:00:00+01:00."""
    return {"at": text} if is_moment(text) else None


def span(length: Length) -> Clause | None:
    """For three weeks."""
    return {"span": (length.count, length.unit)} if length.unit and length.count else None


def often(count: int) -> Meaning:
    """Twice a day."""
    return lambda unit, **_: times_per(count, unit)


def times_per(count: int, unit: str, **_: object) -> Clause | None:
    """Three times a week."""
    return {"often": (count, unit), "rate": (unit, 1)} if unit in {"day", "week", "month", "year"} else None


def repeated(count: int) -> Clause | None:
    """Five times."""
    return {"count": count} if count > 0 else None


def by_the_clock(length: Length | None = None, minute: int | None = None) -> Clause | None:
    """Every 15 minutes by the clock, every hour at minute 30."""
    if minute is not None:
        return {"running": (0, minute)} if minute < _HOUR else None
    step = int(length.elapsed.total_seconds()) // 60 if length and length.elapsed else 0
    return {"running": (step, 0)} if step and _HOUR % step == 0 and step < _HOUR else None
