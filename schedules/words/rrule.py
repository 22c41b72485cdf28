"""RFC 5545 rules and patterns, each made from the other; what no sentence says is shown as it is."""

from datetime import datetime, timedelta
from typing import Final, Literal

from schedules.words.pattern import WORKDAYS, Pattern, Unit
from schedules.words.rrule_times import spread, times_of
from schedules.words.voice import Stored, Voice

_FREQUENCIES: Final[dict[str, Unit]] = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ELAPSED: Final = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN: Final = {
    "FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS", "WKST",
}  # fmt: skip

Parts = dict[str, str]


def parts_of(rule: str) -> Parts:
    """Split a rule at its semicolons; an `RRULE:` before it is dropped."""
    pairs = (part.partition("=") for part in rule.strip().upper().removeprefix("RRULE:").split(";") if part)
    return {name: value for name, _, value in pairs}


def elapsed(rule: str) -> timedelta | None:
    """Return the step of a rule that does nothing but count hours, minutes or seconds."""
    parts = parts_of(rule)
    size = _ELAPSED.get(parts.pop("FREQ", ""))
    step = int(parts.pop("INTERVAL", "1"))
    return None if size is None or parts.keys() - {"WKST"} else timedelta(seconds=size * step)


def to_rule(pattern: Pattern) -> str | None:
    """Write a pattern as a rule whose `starts_at` bears the time of day, or the first of them.

    None where RFC 5545 cannot say it in one rule: several times of day whose minutes differ, on days that vary.
    """
    unit, months = pattern.unit, pattern.months
    # BYSETPOS would count over the whole year.
    unit = "month" if unit == "year" and pattern.workday and pattern.every == 1 else unit
    frequency = next(name for name, known in _FREQUENCIES.items() if known == unit)
    parts = [f"FREQ={frequency}"]
    if pattern.every > 1:
        parts.append(f"INTERVAL={pattern.every}")
    if months:
        parts.append(f"BYMONTH={_joined(months)}")
    if pattern.weekdays or pattern.workday:
        parts.append("BYDAY=" + ",".join(_WEEKDAYS[day] for day in pattern.weekdays or WORKDAYS))
    if pattern.nth:
        parts.append("BYDAY=" + ",".join(f"{place}{_WEEKDAYS[day]}" for place, day in pattern.nth))
    if pattern.monthdays:
        parts.append(f"BYMONTHDAY={_joined(pattern.monthdays)}")
    if pattern.workday:
        parts.append(f"BYSETPOS={pattern.workday}")
    if len(pattern.times) > 1:
        days = 1 if unit == "day" else len(pattern.weekdays)
        timed = spread(pattern.times, 0 if pattern.workday else days, single=not pattern.workday)
        if timed is None:
            return None
        parts += timed
    return ";".join(parts)


def from_rule(rule: str, starts_at: str) -> Pattern | None:
    """Read a rule as a pattern, filling in from its start what it leaves open; None where no sentence says it."""
    parts = parts_of(rule)
    unit = _FREQUENCIES.get(parts.get("FREQ", ""))
    if unit is None or parts.keys() - _KNOWN:
        return None
    start = datetime.fromisoformat(starts_at)
    every = int(parts.get("INTERVAL", "1"))
    days = _days(parts, unit, every, start)
    if days is None or (every > 1 and len(days.weekdays) > 1 and parts.get("WKST", "MO") != "MO"):
        return None
    per_period = 1 if days.unit == "day" else len(days.weekdays)
    spends = bool(days.workday or ("BYSETPOS" in parts and days.nth))
    times = times_of(parts, start, 0 if spends else per_period)
    if not times or (spends and len(times) > 1):
        return None
    return Pattern(
        days.unit, every, days.weekdays, days.nth, days.monthdays, days.workday, days.months, times
    )  # fmt: skip


def _days(  # noqa: PLR0911  one return for each way of saying it
    parts: Parts, unit: Unit, every: int, start: datetime
) -> Pattern | None:
    """Read which days are meant; `BYSETPOS` may also choose times, which is not judged here."""
    months = _numbers(parts.get("BYMONTH"))
    by_day = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    monthdays = _numbers(parts.get("BYMONTHDAY"))
    if (by_day and monthdays) or any(not 1 <= day <= 31 and day != -1 for day in monthdays):  # noqa: PLR2004  of the month
        return None
    if unit in {"day", "week"}:
        return None if monthdays else _weekly(by_day, unit, every, months, start)
    if by_day:
        return _monthly_by_day(parts, by_day, unit, every, months)
    if "BYSETPOS" in parts:
        return None
    if unit == "month":
        return _calendar(every, monthdays or (start.day,), months)
    if monthdays and not months:
        return Pattern("month", monthdays=monthdays) if every == 1 else None
    months = months or (start.month,)
    return Pattern("year", every, monthdays=monthdays or (start.day,), months=months)


def _calendar(every: int, monthdays: tuple[int, ...], months: tuple[int, ...]) -> Pattern | None:
    if not months:
        return Pattern("month", every, monthdays=monthdays)
    return Pattern("year", monthdays=monthdays, months=months) if every == 1 else None


def _weekly(
    by_day: list[str], unit: Unit, every: int, months: tuple[int, ...], start: datetime
) -> Pattern | None:  # fmt: skip
    if any(day not in _WEEKDAYS for day in by_day):
        return None
    weekdays = tuple(sorted({_WEEKDAYS.index(day) for day in by_day}))
    if unit == "day" and weekdays:
        return Pattern("week", weekdays=weekdays, months=months) if every == 1 else None
    if unit == "week":
        weekdays = weekdays or (start.weekday(),)
    return Pattern(unit, every, weekdays=weekdays, months=months)


def _monthly_by_day(  # noqa: PLR0911  the same
    parts: Parts, by_day: list[str], unit: Unit, every: int, months: tuple[int, ...]
) -> Pattern | None:  # fmt: skip
    if unit == "year" and not months:
        return None
    if unit == "month" and months and every > 1:
        return None
    unit = "year" if months else "month"
    plain = all(day in _WEEKDAYS for day in by_day)
    weekdays = tuple(sorted({_WEEKDAYS.index(day[-2:]) for day in by_day}))
    place = parts.get("BYSETPOS")
    if place is not None:
        if not plain or "," in place or (parts["FREQ"] == "YEARLY" and (len(months) > 1)):
            return None
        if len(weekdays) == 1 and int(place) in {-1, 1, 2, 3, 4, 5}:
            return Pattern(unit, every, nth=((int(place), weekdays[0]),), months=months)
        workday = weekdays == WORKDAYS and place in {"1", "-1"} and (unit == "month" or every == 1)
        return Pattern(unit, every, workday=int(place), months=months) if workday else None
    if plain:
        return Pattern("week", weekdays=weekdays, months=months) if every == 1 else None
    if any(len(day) == 2 or int(day[:-2]) not in {-1, 1, 2, 3, 4, 5} for day in by_day):  # noqa: PLR2004  a bare weekday
        return None
    nth = {(int(day[:-2]), _WEEKDAYS.index(day[-2:])) for day in by_day}
    return Pattern(unit, every, nth=tuple(sorted(nth)), months=months)


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(sorted({int(number) for number in text.split(",")})) if text else ()


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def anchor(stored: Stored) -> Literal["day", "moment"] | None:
    """Tell how much of the start of a rule shapes all that follows."""
    if elapsed(stored["rrule"]) is not None:
        return "moment"
    pattern = from_rule(stored["rrule"], stored["starts_at"])
    return "moment" if pattern is None else "day" if pattern.every > 1 else None


def sentence(stored: Stored, voice: Voice) -> str:
    """Say a rule without zone, start and end; where no sentence fits, show it as it is."""
    if (step := elapsed(stored["rrule"])) is not None:
        return voice.every(step)
    pattern = from_rule(stored["rrule"], stored["starts_at"])
    return f"rrule {stored['rrule']}" if pattern is None else voice.pattern(pattern)
