"""Schedules checked, brought into their stored form, and loaded from it."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from schedules import moments
from schedules.base import EARLIEST, LATEST, Draft, ScheduleError, Stored
from schedules.kinds import check_fields, rule
from schedules.schedule import GRACE, Schedule
from schedules.zones import UnknownZone, zone

MOST_COUNT = 5_000
_INTERNAL = frozenset({"last_at"})


def save(spec: Stored, *, now: datetime, timezone: str) -> dict[str, Any]:
    """Check a schedule as it came over the wire and return its stored form.

    `timezone` is that of the team or the creator and holds where the schedule names none. `starts_at` is filled
    in, and `count` becomes a last instant, so that a plan may be computed from any point. Raises ScheduleError,
    also for a `once` more than a minute ago and for a recurring rule that has already ended.
    """
    stored = normalize(spec, now=now, timezone=timezone)
    if load(stored).first(now) is None:
        field = next((name for name in ("at", "count", "ends_at") if spec.get(name) is not None), "kind")
        message = "its last occurrence has passed; choose a later one"
        raise ScheduleError(message, field=f"schedule.{field}", code="in_the_past")
    return stored


def normalize(spec: Stored, *, now: datetime, timezone: str) -> dict[str, Any]:
    """Do what `save` does, but accept a schedule that lies in the past; previews use it."""
    chosen = rule(spec)
    check_fields(spec, chosen)
    draft = _draft(spec, now, timezone)
    stored: dict[str, Any] = {"kind": chosen.kind, "timezone": draft.timezone, **chosen.clean(spec, draft)}
    if spec.get("ends_at") is not None:
        stored["ends_at"] = moments.write(moments.read(spec["ends_at"], "ends_at", draft, up=False))
    if (count := spec.get("count")) is not None:
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_COUNT:
            message = f"count is a whole number from 1 to {MOST_COUNT}"
            raise ScheduleError(message, field="schedule.count")
        stored["count"] = count
    _check_occurs(stored)
    return stored


def load(stored: Stored) -> Schedule:
    """Return a schedule ready to be asked; the same stored form gives the same object while it is in use."""
    return _load(json.dumps(dict(stored), sort_keys=True))


def public(stored: Stored) -> dict[str, Any]:
    """Return the stored form as it is shown: what `save` takes, without what it worked out for itself."""
    return {name: value for name, value in stored.items() if name not in _INTERNAL}


@lru_cache(maxsize=16384)
def _load(text: str) -> Schedule:
    return Schedule(json.loads(text))


def _draft(spec: Stored, now: datetime, timezone: str) -> Draft:
    own = spec.get("timezone")
    field = "schedule.timezone"
    if own == "recipient":
        message = "everybody's own local time is planned, but not available yet; name a zone"
        raise ScheduleError(message, field=field, code="not_available_yet")
    if own is not None and not isinstance(own, str):
        message = "a time zone is an IANA name such as Europe/Berlin"
        raise ScheduleError(message, field=field, code="unknown_timezone")
    try:
        key = zone(own if own is not None else timezone).key
    except UnknownZone as error:
        raise ScheduleError(str(error), field=field, code="unknown_timezone") from error
    return Draft(now, key, has_zone=own is not None)


def _check_occurs(stored: dict[str, Any]) -> None:
    """Refuse a rule without any occurrence, saying why, and resolve `count` into `last_at`."""
    free = Schedule({name: value for name, value in stored.items() if name != "ends_at"})
    first = free.next(EARLIEST - GRACE)
    own = {"once": "at", "cron": "expression", "interval": "starts_at"}.get(stored["kind"], "kind")
    if first is None:
        message = "this never happens, or not before the year 2201; check the date, and that its zone has it"
        raise ScheduleError(message, field=f"schedule.{own}", code="never_matches")
    if "ends_at" in stored and Schedule(stored).next(EARLIEST - GRACE) is None:
        message = f"it ends before its first occurrence ({moments.write(first.at)}); choose a later end"
        raise ScheduleError(message, field="schedule.ends_at", code="end_before_start")
    if "count" in stored:
        last = free.rule.nth(free.begins_after, stored["count"])
        stored["last_at"] = moments.write(last.at if last else LATEST)
