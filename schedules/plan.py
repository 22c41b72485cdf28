"""Schedules checked, brought into their stored form, and loaded from it."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from schedules import extras, moments
from schedules.base import RECIPIENT, Draft, ScheduleError, Stored
from schedules.drafts import draft as drafted
from schedules.kinds import check_fields, rule
from schedules.occurs import check_occurs
from schedules.schedule import Schedule
from schedules.zones import zone

MOST_COUNT: Final = 5_000
_INTERNAL: Final = frozenset({"last_at", "holiday_dates"})
_LONG: Final = 4_000
"""Characters from which on only a few are kept: with the thousand dates of a calendar a schedule takes 80 kB."""
_WESTERNMOST: Final = "Etc/GMT+12"
"""Where a local time comes last; its sign is inverted by an old custom."""


def save(spec: Stored, *, now: datetime, timezone: str, holiday_dates: Sequence[str] | None = None) -> dict[str, Any]:
    """Check a schedule as it came over the wire and return its stored form.

    `timezone` is that of the team or the creator and holds where the schedule names none; with `recipient` it stands
    in for everybody's. `holiday_dates` are those of the team calendar that `holidays` names; None says that there is
    no such calendar. `starts_at` is filled in, and `count` becomes a last instant, so that a plan may be computed
    from any point. Raises ScheduleError, also for a `once` more than a minute ago and for a recurring rule that has
    already ended (for `recipient`: everywhere).
    """
    stored = normalize(spec, now=now, timezone=timezone, holiday_dates=holiday_dates)
    if load(stored, _WESTERNMOST).first(now) is None:
        field = next((name for name in ("at", "count", "ends_at", "rrule") if spec.get(name) is not None), "kind")
        message = "its last occurrence has passed; choose a later one"
        raise ScheduleError(message, field=f"schedule.{field}", code="in_the_past")
    return stored


def normalize(
    spec: Stored, *, now: datetime, timezone: str, holiday_dates: Sequence[str] | None = None
) -> dict[str, Any]:
    """Do what `save` does, but accept a schedule that lies in the past; previews use it."""
    chosen = rule(spec)
    check_fields(spec, chosen)
    draft = drafted(spec, now, timezone)
    own = chosen.clean(spec, draft)
    stored: dict[str, Any] = {"kind": chosen.kind, "timezone": draft.timezone, **own, **_end({**spec, **own}, draft)}
    stored |= extras.clean(spec, draft, chosen(stored, zone(draft.timezone)).times, holiday_dates)
    check_occurs(stored, recipient=draft.recipient)
    return stored | {"timezone": RECIPIENT} if draft.recipient else stored


def load(stored: Stored, own_zone: str | None = None) -> Schedule:
    """Return a schedule ready to be asked; the same stored form gives the same object while it is in use.

    `own_zone` (an IANA name) stands in where the schedule is meant in everybody's own zone, and counts for nothing
    elsewhere; without it such a schedule raises UnknownZone.
    """
    if own_zone is not None and stored["timezone"] == RECIPIENT:
        stored = {**stored, "timezone": own_zone}
    text = json.dumps(dict(stored), sort_keys=True)
    return _load(text) if len(text) < _LONG else _load_long(text)


def public(stored: Stored) -> dict[str, Any]:
    """Return the stored form as it is shown: what `save` takes, without what it worked out for itself."""
    return {name: value for name, value in stored.items() if name not in _INTERNAL}


@lru_cache(maxsize=16384)
def _load(text: str) -> Schedule:
    return Schedule(json.loads(text))


@lru_cache(maxsize=512)
def _load_long(text: str) -> Schedule:
    return Schedule(json.loads(text))


def _end(spec: Stored, draft: Draft) -> dict[str, Any]:
    """Check `ends_at` and `count`, whether they came as fields or were said in the rule."""
    end: dict[str, Any] = {}
    if spec.get("ends_at") is not None:
        end["ends_at"] = moments.write(moments.read(spec["ends_at"], "ends_at", draft, up=False))
    if (count := spec.get("count")) is not None:
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_COUNT:
            message = f"count is a whole number from 1 to {MOST_COUNT}"
            raise ScheduleError(message, field="schedule.count")
        end["count"] = count
    return end
