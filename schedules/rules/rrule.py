"""Calendar recurrence (RFC 5545): on the wall clock from days upwards, by elapsed time below."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from schedules import moments, walls
from schedules.base import Anchor, Draft, Instant, Rule, ScheduleError, Stored, stamp
from schedules.recurrence.calendar import Calendar
from schedules.recurrence.elapsed import Elapsed
from schedules.recurrence.parts import Parts, parse
from schedules.wall_times import WallTimes, shown
from schedules.words.rrule import anchor, sentence
from schedules.words.voice import Voice
from schedules.zones import zone as load_zone


class Rrule(Rule):
    """A rule and its start; the start is an occurrence only where the rule matches it.

    COUNT and UNTIL become `count` and `ends_at` when a rule is saved.
    """

    kind = "rrule"
    fields = frozenset({"rrule", "starts_at"}) | walls.FIELDS

    @classmethod
    def clean(cls, spec: Stored, draft: Draft) -> dict[str, Any]:
        """Check rule and start; a start with an offset is taken as what clocks in the zone show then."""
        parts = parse(spec.get("rrule"))
        if parts.elapsed:
            draft.check_zone()
        policy = walls.clean(spec, draft)
        if parts.elapsed:
            policy = _no_policy(policy)
        if spec.get("starts_at") is None:
            message = "say when it starts, such as 2026-11-27T16:00:00: the rule takes its time of day from there"
            raise ScheduleError(message, field="schedule.starts_at")
        starts = moments.read(spec["starts_at"], "starts_at", draft)
        if starts.tzinfo is not None and not parts.elapsed:
            starts = shown(starts, load_zone(draft.timezone))
        return {"rrule": parts.text, "starts_at": moments.write(starts), **policy, **_end(parts, spec, draft)}

    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        self._zone = zone
        parts = _parts(stored["rrule"])
        self._calendar: Calendar | None = None
        self._elapsed: Elapsed | None = None
        if not parts.elapsed:
            self._calendar = _calendar(stored["rrule"], stored["starts_at"])
            self._on_walls = WallTimes(self._calendar.next, zone, stored)
        elif starts := moments.instant(stored["starts_at"], zone):
            self._elapsed = Elapsed(parts, starts, zone)

    @property
    def times(self) -> tuple[time, ...]:
        """The times of day of a calendar rule."""
        if self._calendar is None:
            return ()
        return tuple((datetime.min + timedelta(seconds=second)).time() for second in self._calendar.times)  # noqa: DTZ901  a time of day

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence later than `after`."""
        if self._calendar:
            return self._on_walls.next(after)
        found = self._elapsed.next(after) if self._elapsed else None
        if found is None:
            return None
        both = walls.passes(shown(found, self._zone), self._zone)
        return stamp(found, self._zone, *(("dst_fold",) if len(both) > 1 else ()))

    def tally(self, after: datetime, until: datetime) -> int:
        """Count by the calendar: right to within the few that daylight saving takes or gives."""
        if self._calendar:
            return self._calendar.tally(shown(after, self._zone), shown(until, self._zone))
        return self._elapsed.tally(after, until) if self._elapsed else 0

    @classmethod
    def describe(cls, stored: Stored, voice: Voice) -> str:
        """Say “On the last Friday of every month at 16:00”."""
        return sentence(stored, voice)

    @classmethod
    def anchor(cls, stored: Stored) -> Anchor | None:
        """Tell whether the rule counts days or hours from its start."""
        return anchor(stored)


def _no_policy(policy: dict[str, Any]) -> dict[str, Any]:
    """Drop the defaults and refuse anything else, because elapsed time knows no gap and no fold."""
    for name, value in policy.items():
        if value not in {"next_valid", "first"}:
            message = "rules of hours, minutes and seconds run by elapsed time, without gaps and folds; leave it out"
            raise ScheduleError(message, field=f"schedule.{name}")
    return {}


def _end(parts: Parts, spec: Stored, draft: Draft) -> dict[str, Any]:
    """Take COUNT or UNTIL out of the rule; an end said twice is refused, unless both say the same."""
    end: int | str
    if parts.count:
        name, end = "count", parts.count
    elif parts.until:
        name, end = "ends_at", moments.write(moments.read(parts.until, "rrule", draft, up=False))
    else:
        return {}
    if spec.get(name) not in (None, end):
        message = "the rule has an end of its own (COUNT or UNTIL); say it once"
        raise ScheduleError(message, field=f"schedule.{name}")
    return {name: end}


@lru_cache(maxsize=4096)
def _parts(text: str) -> Parts:
    return parse(text)


@lru_cache(maxsize=4096)
def _calendar(text: str, starts_at: str) -> Calendar:
    return Calendar(_parts(text), datetime.fromisoformat(starts_at).replace(tzinfo=None))


RULE = Rrule
