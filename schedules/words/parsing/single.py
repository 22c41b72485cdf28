"""Schedules that come once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from schedules.words.parsing import doubts as doubting
from schedules.words.parsing.days import dates
from schedules.words.parsing.doubts import Ambiguity, Doubts
from schedules.words.parsing.errors import ImpossibleDate, PastDate
from schedules.words.parsing.found import Found, Unfit
from schedules.words.parsing.values import Clock, Day
from schedules.words.pattern import clock

Spec = dict[str, Any]


def once(found: Found, wall: datetime, doubts: Doubts, *, month_first: bool) -> Spec:
    """Return the schedule of one day; `wall` is what the clock shows now. Raises Unfit, ImpossibleDate, PastDate."""
    found.only("times", "day", "part", "gap", "fold")
    day: Day | None = found.get("day")
    part = found.get("part") or (day.part if day else None)
    words = " ".join(found.words[name] for name in ("day", "times", "part") if name in found.words)
    clocks: tuple[Clock, ...] = found.get("times") or ()
    own: Doubts = []
    times = doubting.times(clocks, part, found.words.get("times") or words, own)
    if day is None:
        first = wall.date() if _at(wall.date(), times[-1]) > wall else wall.date() + timedelta(days=1)
    else:
        if day.kind == "ahead" and not day.ahead and len(times) == 1 and _at(wall.date(), times[0]) <= wall:
            times = _settled_by_the_hour(times, own, wall)
        first = _chosen(day, times, wall, found.words["day"], own, month_first=month_first)
    doubts += own
    if len(times) > 1:
        return _several(first, times, wall)
    return {"kind": "once", "at": _at(first, times[0]).isoformat()}


def _settled_by_the_hour(times: tuple[int, ...], own: Doubts, wall: datetime) -> tuple[int, ...]:
    """“Today at 9”, said at ten, is nine in the evening."""
    other = doubting.other_half(times[0])
    if not own or "-" in own[0].chosen or len(own[0].choices) != 2 or _at(wall.date(), other) <= wall:  # noqa: PLR2004  two halves
        return times
    own.clear()
    return (other,)


def _several(first: date, times: tuple[int, ...], wall: datetime) -> Spec:
    left = tuple(at for at in times if _at(first, at) > wall)
    if len(left) == 1:
        return {"kind": "once", "at": _at(first, left[0]).isoformat()}
    return {"times": left, "starts_at": _at(first, left[0]), "count": len(left)}


def _chosen(day: Day, times: tuple[int, ...], wall: datetime, words: str, doubts: Doubts, *, month_first: bool) -> date:
    swapped = swap(day, words, doubts, month_first=month_first)
    found = list(dates(swapped, wall.date(), words))
    coming = [each for each in found if _at(each, times[-1]) > wall]
    if not found:
        raise ImpossibleDate(words)
    if not coming and day.year is None:
        raise PastDate(words)
    # Whether a date with its year has passed, and for whom, is judged when the schedule is saved.
    first = (coming or found)[0]
    if day.kind == "weekend":
        doubts.append(doubting.of_dates(words, first, first + timedelta(days=1)))
    if day.next and day.kind == "weekday":
        _next_weekday(first, wall.date(), words, doubts)
    if (
        day.next
        and day.kind == "ahead"
        and (other := next(dates(replace(day, next=False), wall.date(), words))) != first
    ):
        doubts.append(doubting.of_dates(words, first, other))
    return first


def _next_weekday(first: date, today: date, words: str, doubts: Doubts) -> None:
    """“Next Friday”, said on a Wednesday: this week's, or that of next week? The earlier one forgets nothing."""
    if first - timedelta(days=first.weekday()) == today - timedelta(days=today.weekday()):
        doubts.append(doubting.of_dates(words, first, first + timedelta(days=7)))


def swap(day: Day, words: str, doubts: Doubts, *, month_first: bool) -> Day:
    """Settle 03/04: the day comes first, but in America the month does."""
    if not day.swappable or day.day is None or day.month is None:
        return day
    either = max(day.day, day.month) <= 12  # noqa: PLR2004  months
    turn = month_first if either else day.month > 12  # noqa: PLR2004  months
    # Written with the day first, `day` is the first number.
    chosen = Day("date", day.year, day.day if turn else day.month, day.month if turn else day.day)
    if either and day.day != day.month:
        both = [f"{chosen.month:02}-{chosen.day:02}", f"{chosen.day:02}-{chosen.month:02}"]
        doubts.append(Ambiguity(words, both[0], tuple(both)))
    return chosen


def _at(day: date, seconds: int) -> datetime:
    return datetime.combine(day, clock(seconds))


def at_least_one(found: Found) -> None:
    """Raise Unfit where nothing tells a time."""
    if not found.tells_time:
        raise Unfit(" ".join(found.words.values()))
