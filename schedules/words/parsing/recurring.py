"""Schedules that come again: on which days, from when."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from schedules.words.parsing import doubts as doubting
from schedules.words.parsing.days import dates
from schedules.words.parsing.doubts import Doubts
from schedules.words.parsing.errors import ImpossibleDate
from schedules.words.parsing.found import Found, Unfit
from schedules.words.parsing.values import Clock, Day, Moment
from schedules.words.pattern import Pattern, clock
from schedules.words.rrule import to_rule

Spec = dict[str, Any]
_TICK: Final = timedelta(microseconds=1)
_QUARTERS: Final = (1, 4, 7, 10)
_WEEK: Final = 7
_OWN: Final = (
    "rate", "quarter", "weekdays", "nth", "workday", "monthdays", "months", "day", "some", "times", "part", "start",
    "until", "span", "count", "except", "except_weekdays", "also", "often", "holidays", "gap", "fold",
)  # fmt: skip


def recurring(found: Found, wall: datetime, doubts: Doubts) -> tuple[Spec, datetime]:
    """Return the rule and its first local time; raises Unfit or ImpossibleDate."""
    found.only(*_OWN)
    _check_clocks(found)
    start: Moment | None = found.get("start")
    begins = _begins(start, found, wall, doubts)
    day: Day | None = found.get("day")
    clocks: tuple[Clock, ...] = found.get("times") or ((start.clock,) if start and start.clock else ())
    part = found.get("part") or (day.part if day else None)
    words = found.words.get("times") or found.words.get("part") or found.words.get("start", "")
    times = doubting.times(clocks, part, words, doubts)
    pattern = _days(found, begins, times)
    _check_often(found, pattern)
    first = next(pattern.walls(begins), None)
    rule = to_rule(pattern)
    if first is None:
        raise ImpossibleDate(found.words.get("day") or found.words.get("monthdays") or " ".join(found.words.values()))
    if rule is None:
        raise Unfit(words)
    return {"kind": "rrule", "rrule": rule, "starts_at": first.isoformat()}, first


def _check_clocks(found: Found) -> None:
    """Where nothing else says the time of day, “until 1 December at 9” says it, rather than when it ends."""
    if found.get("times") or found.get("part"):
        return
    moments = [*(found.get("except") or ()), *(found.get("also") or ()), found.get("until") or Moment()]
    if any(moment.clock for moment in moments):
        raise Unfit(found.words.get("until") or found.words.get("except") or found.words["also"])


def _begins(start: Moment | None, found: Found, wall: datetime, doubts: Doubts) -> datetime:
    if start is None or start.day is None:
        if start is not None:
            raise Unfit(found.words["start"])
        return wall + _TICK
    first = next(dates(start.day, wall.date(), found.words["start"]))
    begins = datetime.combine(first, time())
    if start.clock is not None and found.get("times"):
        at = doubting.times((start.clock,), None, found.words["start"], doubts)[0]
        begins = datetime.combine(first, clock(at))
    # What was said with its year is meant so, even if the first ones have passed; anything else is still to come.
    return begins if start.day.year is not None else max(begins, wall + _TICK)


def _days(found: Found, begins: datetime, times: tuple[int, ...]) -> Pattern:
    if found.get("quarter"):
        return _quarterly(found, times)
    unit, every = found.get("rate")
    if unit in {"day", "week"}:
        return _weekly(found, unit, every, begins, times)
    months: tuple[int, ...] = found.get("months") or ()
    which = _which(found)
    if which or months:
        if unit == "year" and not months:
            raise Unfit(" ".join(found.words.values()))
        if unit == "month" and months and every > 1:
            raise Unfit(found.words["months"])
        which = which or {"monthdays": (begins.day,)}
        return Pattern("year" if months else "month", every, **which, months=months, times=times)
    return _by_date(found, unit, every, begins, times)


def _by_date(found: Found, unit: str, every: int, begins: datetime, times: tuple[int, ...]) -> Pattern:
    day: Day | None = found.get("day")
    if day is None:
        anchor = begins
        if unit == "month":
            return Pattern("month", every, monthdays=(anchor.day,), times=times)
        return Pattern("year", every, monthdays=(anchor.day,), months=(anchor.month,), times=times)
    if unit == "month" and day.kind == "monthday" and day.day is not None:
        return Pattern("month", every, monthdays=(day.day,), times=times)
    if unit == "year" and day.kind == "date" and day.year is None and not day.swappable and day.weekday is None:
        next(dates(day, begins.date(), found.words["day"]))
        return Pattern("year", every, monthdays=(day.day or 1,), months=(day.month or 1,), times=times)
    raise Unfit(found.words["day"])


def _which(found: Found) -> dict[str, Any]:
    """Return what says which days of a month are meant, as fields of a pattern."""
    said = [name for name in ("nth", "workday", "monthdays") if found.get(name)]
    if len(said) > 1:
        raise Unfit(found.words[said[1]])
    if said:
        if found.get("day") or found.get("weekdays"):
            raise Unfit(found.words.get("day") or found.words["weekdays"])
        return {said[0]: found.get(said[0])}
    if found.get("weekdays") or found.get("some"):
        raise Unfit(found.words.get("weekdays") or found.words["some"])
    day: Day | None = found.get("day")
    if day is not None and day.kind == "monthday" and found.get("months"):
        return {"monthdays": (day.day,)}
    return {}


def _weekly(found: Found, unit: str, every: int, begins: datetime, times: tuple[int, ...]) -> Pattern:
    for name in ("nth", "workday", "monthdays"):
        if name in found.values:
            raise Unfit(found.words[name])
    weekdays: tuple[int, ...] = found.get("weekdays") or found.get("some") or ()
    day: Day | None = found.get("day")
    if day is not None:
        if weekdays or day.kind != "weekday" or day.weekday is None or day.next:
            raise Unfit(found.words["day"])
        weekdays = (day.weekday,)
    weekdays = _without(found, weekdays, unit)
    if unit == "day" and weekdays:
        if every % _WEEK and every > 1:
            raise Unfit(found.words["rate"])
        unit, every = "week", max(every // _WEEK, 1)
    if unit == "week" and not weekdays:
        weekdays = (begins.weekday(),)
    months = found.get("months") or ()
    return Pattern("week" if unit == "week" else "day", every, weekdays=weekdays, months=months, times=times)


def _without(found: Found, weekdays: tuple[int, ...], unit: str) -> tuple[int, ...]:
    """Every weekday except Fridays."""
    left_out = set(found.get("except_weekdays") or ())
    if not left_out:
        return weekdays
    left = tuple(sorted(set(weekdays or (range(_WEEK) if unit == "day" else ())) - left_out))
    if not left:
        raise Unfit(found.words["except_weekdays"])
    return left


def _quarterly(found: Found, times: tuple[int, ...]) -> Pattern:
    day: Day | None = found.get("day")
    which = _which(found)
    if day is not None:
        if day.kind != "monthday" or which:
            raise Unfit(found.words["day"])
        which = {"monthdays": (day.day,)}
    return Pattern("year", **(which or {"monthdays": (1,)}), months=_QUARTERS, times=times)


def _check_often(found: Found, pattern: Pattern) -> None:
    """“Twice a day” must be followed by two times, “three times a week” by three days."""
    often = found.get("often")
    if often is None:
        return
    count, unit = often
    days = max(len(pattern.weekdays) if unit == "week" else 1, len(pattern.nth), len(pattern.monthdays))
    if count != len(pattern.times) * days or pattern.every > 1:
        raise Unfit(found.words["often"])
