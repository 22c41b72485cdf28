"""Whether a schedule has any occurrence at all, and which is its last."""

from datetime import timedelta
from typing import Any

from schedules import moments
from schedules.base import EARLIEST, LATEST, ScheduleError, Stored
from schedules.layers import TICK
from schedules.moving import STEPS
from schedules.schedule import GRACE, Schedule

_OWN_FIELD = {"once": "at", "cron": "expression", "interval": "starts_at", "rrule": "rrule"}
_ENDS = frozenset({"ends_at"})
_WEEK = timedelta(days=7)
_MOST_MOVED = 7 * 48 + 4
"""Occurrences in a week, and what daylight saving may add; days differ in their seconds, and many may fall on one."""
_EXTRAS = frozenset({"exclude", "include", "holidays", "on_holiday"})


def check_occurs(stored: dict[str, Any], *, recipient: bool) -> None:
    """Refuse a rule without any occurrence, saying why, and resolve `count` into `last_at`.

    What is meant in everybody's own zone is counted on a clock without daylight saving, so that all have equally many.
    """
    free = Schedule(_without(stored, _ENDS | _EXTRAS))
    first = free.next(EARLIEST - GRACE)
    if first is None:
        message = "this never happens, or not before the year 2201; check the date, and that its zone has it"
        raise ScheduleError(message, field=f"schedule.{_OWN_FIELD[stored['kind']]}", code="never_matches")
    if stored.get("on_holiday") in STEPS and free.tally(first.at - TICK, first.at + _WEEK) > _MOST_MOVED:
        message = (
            "a rule that runs more than 48 times a day is not moved off holidays; choose skip, or run it less often"
        )
        raise ScheduleError(message, field="schedule.on_holiday", code="too_frequent")
    if "ends_at" in stored and Schedule(_without(stored, _EXTRAS)).next(EARLIEST - GRACE) is None:
        message = f"it ends before its first occurrence ({moments.write(first.at)}); choose a later end"
        raise ScheduleError(message, field="schedule.ends_at", code="end_before_start")
    if "count" in stored:
        stored["last_at"] = _last(stored, free, recipient=recipient)
    if _EXTRAS & stored.keys() and Schedule(stored).next(EARLIEST - GRACE) is None:
        field = "exclude" if Schedule(_without(stored, {"exclude"})).next(EARLIEST - GRACE) else "on_holiday"
        message = "this takes every single occurrence away; leave at least one"
        raise ScheduleError(message, field=f"schedule.{field}", code="never_matches")


def _without(stored: Stored, names: frozenset[str] | set[str]) -> Stored:
    return {name: value for name, value in stored.items() if name not in names}


def _last(stored: Stored, free: Schedule, *, recipient: bool) -> str:
    """Return the last instant of `count` occurrences, before exclusions, as text.

    Fixed times of day keep it local, so that it stays right when the rules of the zone change.
    """
    if recipient:
        free = Schedule({**_without(stored, _ENDS | _EXTRAS), "timezone": "UTC"})
    last = free.rule.nth(free.begins_after, stored["count"])
    if last is None:
        return moments.write(LATEST)
    local = free.rule.times and stored.get("dst_fold") != "both"
    return moments.write(last.local.replace(tzinfo=None, fold=0) if local else last.at)
