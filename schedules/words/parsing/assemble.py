"""From what was found to a schedule, as `plan.save` takes it."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from core.clock import ceil_second, iso
from schedules import durations, zones
from schedules.base import RECIPIENT
from schedules.words.parsing import doubts as doubting
from schedules.words.parsing.days import dates, later
from schedules.words.parsing.doubts import Ambiguity, Doubts
from schedules.words.parsing.errors import ImpossibleDate
from schedules.words.parsing.found import Found, Unfit
from schedules.words.parsing.recurring import recurring
from schedules.words.parsing.single import at_least_one, once, swap
from schedules.words.parsing.values import Day, Length, Moment
from schedules.words.pattern import Pattern, Running, clock
from schedules.words.rrule import to_rule

Spec = dict[str, Any]
_AMERICAN: Final = "America/"
_BOUNDS: Final = ("start", "until", "span", "count", "except", "also", "holidays", "gap", "fold")


def assemble(found: Found, now: datetime, timezone: str) -> tuple[Spec, list[Ambiguity]]:
    """Return the schedule and what could have been meant otherwise.

    `now` is aware; `timezone` is an IANA name and holds where the words name no zone. Raises Unfit where clauses do
    not go together, ImpossibleDate and PastDate.
    """
    at_least_one(found)
    own: str = found.get("zone") or timezone
    reckoned = timezone if own == RECIPIENT else own
    wall = now.astimezone(zones.zone(reckoned)).replace(tzinfo=None, fold=0)
    doubts = _doubts(found)
    spec, first = _schedule(found, now, wall, doubts, month_first=reckoned.startswith(_AMERICAN))
    spec["timezone"] = own
    if first is not None:
        spec |= _ends(found, first, doubts) | _exceptions(found, first, doubts)
    spec |= {f"dst_{name}": found.get(name) for name in ("gap", "fold") if found.get(name)}
    return spec, doubts


def _schedule(  # noqa: PLR0911  one return for each kind
    found: Found, now: datetime, wall: datetime, doubts: Doubts, *, month_first: bool
) -> tuple[Spec, datetime | None]:
    """Return the rule, and its first local time where something may bound it."""
    if "raw" in found.values:
        return _raw(found, wall)
    if "at" in found.values:
        found.only("at", "gap", "fold")
        return {"kind": "once", "at": found.get("at")}, None
    if "after" in found.values:
        found.only("after", *(("day",) if found.get("day") == Day("ahead") else ()))
        return {"kind": "once", "at": iso(ceil_second(now) + found.get("after"))}, None
    if "running" in found.values:
        return _running(found, wall)
    if "elapsed" in found.values:
        return _interval(found, wall)
    if {"rate", "quarter"} & found.values.keys():
        return recurring(found, wall, doubts)
    spec = once(found, wall, doubts, month_first=month_first)
    if "kind" in spec:
        return spec, None
    rule = to_rule(Pattern("day", times=spec["times"]))
    if rule is None:
        raise Unfit(found.words["times"])
    starts: datetime = spec["starts_at"]
    return {"kind": "rrule", "rrule": rule, "starts_at": starts.isoformat(), "count": spec["count"]}, None


def _start(found: Found, wall: datetime) -> str | None:
    """Return the start of what is counted from it, which must bear a time of day."""
    start: Moment | None = found.get("start")
    if start is None:
        return None
    if start.text or start.day is None:
        return start.text
    if start.clock is None or start.clock.unsure:
        raise Unfit(found.words["start"])
    return datetime.combine(
        next(dates(start.day, wall.date(), found.words["start"])), clock(start.clock.seconds)
    ).isoformat()


def _interval(found: Found, wall: datetime) -> tuple[Spec, datetime]:
    found.only("elapsed", *_BOUNDS)
    spec = {"kind": "interval", "every": durations.write(found.get("elapsed"))}
    starts = _start(found, wall)
    return spec if starts is None else {**spec, "starts_at": starts}, _naive(starts) or wall


def _running(found: Found, wall: datetime) -> tuple[Spec, datetime]:
    found.only("running", "weekdays", "rate", *_BOUNDS)
    if found.get("rate") not in {None, ("week", 1), ("day", 1)}:
        raise Unfit(found.words["rate"])
    step, minute = found.get("running")
    running = Running(step, minute, found.get("weekdays") or ())
    return _cron(running.expression, found, wall)


def _cron(expression: str, found: Found, wall: datetime) -> tuple[Spec, datetime]:
    spec = {"kind": "cron", "expression": expression}
    start: Moment | None = found.get("start")
    if start is None:
        return spec, wall
    at = start.text
    if start.day is not None:
        day = next(dates(start.day, wall.date(), found.words["start"]))
        at = datetime.combine(day, clock(start.clock.seconds) if start.clock else time()).isoformat()
    return {**spec, "starts_at": at}, _naive(at) or wall


def _raw(found: Found, wall: datetime) -> tuple[Spec, datetime]:
    found.only("raw", *_BOUNDS)
    kind, rule = found.get("raw")
    if kind == "cron":
        return _cron(rule, found, wall)
    starts = _start(found, wall)
    if starts is None:
        raise Unfit(found.words["raw"])
    return {"kind": "rrule", "rrule": rule, "starts_at": starts}, _naive(starts) or wall


def _naive(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None)


def _ends(found: Found, first: datetime, doubts: Doubts) -> Spec:
    if found.get("until") and found.get("span"):
        raise Unfit(found.words["span"])
    spec: Spec = {"count": found.get("count")} if found.get("count") else {}
    if until := found.get("until"):
        spec["ends_at"] = _moment(until, first.date(), found.words["until"], doubts, default=time(23, 59, 59))
    if span := found.get("span"):
        length = Length(None, *span)
        day = _later(first.date(), length) - timedelta(days=1)
        spec["ends_at"] = datetime.combine(day, time(23, 59, 59)).isoformat()
    return spec


def _later(day: date, length: Length) -> date:
    if length.unit in {"day", "week"}:
        return day + timedelta(days=length.count * (7 if length.unit == "week" else 1))
    return later(day, length.count * (12 if length.unit == "year" else 1))


def _exceptions(found: Found, first: datetime, doubts: Doubts) -> Spec:
    spec: Spec = {}
    for name, field in (("except", "exclude"), ("also", "include")):
        if moments := found.get(name):
            spec[field] = [_moment(each, first.date(), found.words[name], doubts, default=None) for each in moments]
    if holidays := found.get("holidays"):
        spec["on_holiday"], spec["holidays"] = holidays
    return spec


def _moment(moment: Moment, since: date, words: str, doubts: Doubts, *, default: time | None) -> str:
    """Write a day, or a date-time; `default` is the time of day where none was said, None leaves it a day."""
    if moment.text or moment.day is None:
        return moment.text or ""
    day = next(dates(swap(moment.day, words, doubts, month_first=False), since, words), None)
    if day is None:
        raise ImpossibleDate(words)
    if moment.clock is None:
        return day.isoformat() if default is None else datetime.combine(day, default).isoformat()
    at = doubting.times((moment.clock,), None, words, doubts)[0]
    return datetime.combine(day, clock(at)).isoformat()


def _doubts(found: Found) -> Doubts:
    """Return the doubts that stand in the words themselves."""
    words = found.words.get("doubt", "")
    kinds = {
        "other": ("every 2 weeks", "the second one of every month"),
        "biweekly": ("every 2 weeks", "twice a week"),
        "weekend": ("Saturday and Sunday", "Saturday"),
    }
    if kind := found.get("doubt"):
        choices = kinds.get(kind) or ("once a month", f"every {found.get('nth')[0][0]} weeks")
        return [Ambiguity(words, choices[0], choices)]
    if found.get("habit") and not {"day", "rate", "elapsed", "quarter"} & found.values.keys():
        return [Ambiguity(found.words["part"], "once", ("once", "every day"))]
    midnight = {"midnight", "mitternacht"} & set(found.words.get("times", "").lower().split())
    if midnight and {"day", "weekdays"} & found.values.keys():
        return [Ambiguity(found.words["times"], "when the day begins", ("when the day begins", "when it ends"))]
    return []
