"""Cron expressions as patterns, as far as a sentence says exactly the same."""

import re

from schedules.cron_fields import CronFields
from schedules.words.pattern import WORKDAYS, Pattern, Running, Unit
from schedules.words.voice import Voice

_MOST_TIMES = 4
_HOUR = 60
_NUMBERS = re.compile(r"\d{1,2}(,\d{1,2})*", re.ASCII)


def from_cron(fields: CronFields) -> Pattern | Running | None:
    """Read an expression as days and times; None where no sentence says it."""
    return _running(fields) if fields.running else _fixed(fields)


def _running(fields: CronFields) -> Running | None:
    minute, hour, day, month, _ = fields.parts
    if (hour, day, month) != ("*", "*", "*") or fields.nth_weekdays:
        return None
    weekdays = _weekdays(fields)
    if minute.isdigit():
        return Running(minute=int(minute), weekdays=weekdays)
    step = minute.removeprefix("*/") if minute != "*" else "1"
    # A step that does not divide the hour starts again at minute 0, which “every 7 minutes” would hide.
    if step.isdigit() and int(step) and _HOUR % int(step) == 0 and int(step) < _HOUR:
        return Running(step=int(step), weekdays=weekdays)
    return None


def _fixed(fields: CronFields) -> Pattern | None:  # noqa: PLR0911  one return for each way of saying it
    day, month, weekday = fields.parts[2:]
    times = tuple(at * 60 for at in fields.times)
    if len(times) > _MOST_TIMES:
        return None
    months = () if month == "*" else tuple(fields.months)
    unit: Unit = "year" if months else "month"
    if day == "*" and fields.nth_weekdays:
        return _nth(fields, unit, months, times)
    if day == "*":
        weekdays = _weekdays(fields)
        return Pattern("week" if weekdays else "day", weekdays=weekdays, months=months, times=times)
    if weekday != "*":
        return None
    if _NUMBERS.fullmatch(day):
        monthdays = tuple(sorted({int(number) for number in day.split(",")}))
        return Pattern(unit, monthdays=monthdays, months=months, times=times)
    if day == "L":
        return Pattern(unit, monthdays=(-1,), months=months, times=times)
    return Pattern(unit, workday=-1, months=months, times=times) if day == "LW" and len(times) == 1 else None


def _nth(fields: CronFields, unit: Unit, months: tuple[int, ...], times: tuple[int, ...]) -> Pattern | None:
    if fields.weekdays:
        return None
    nth = {(-1 if word[1] == "L" else int(word[2]), (int(word[0]) - 1) % 7) for word in fields.nth_weekdays}
    return Pattern("year" if unit == "year" else "month", nth=tuple(sorted(nth)), months=months, times=times)


def _weekdays(fields: CronFields) -> tuple[int, ...]:
    """Return the weekdays, Monday first and 0; none where all are meant."""
    numbers = tuple(sorted((number - 1) % 7 for number in fields.weekdays))
    return () if len(numbers) > len(WORKDAYS) + 1 else numbers


def sentence(expression: str, fields: CronFields, voice: Voice) -> str:
    """Say when an expression matches, without its zone; where no sentence fits, show it as it is."""
    found = from_cron(fields)
    if found is None:
        return f"cron {expression}"
    return voice.running(found) if isinstance(found, Running) else voice.pattern(found)
