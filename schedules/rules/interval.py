"""Elapsed time from an anchor: daylight saving plays no part, and a day is 24 hours."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import ceil_second
from schedules import durations, moments
from schedules.base import LATEST, Anchor, Draft, Instant, Rule, ScheduleError, Stored, stamp
from schedules.words.voice import Voice

SHORTEST = timedelta(seconds=60)


class Interval(Rule):
    """The anchor, and every whole multiple of `every` after it."""

    kind = "interval"
    fields = frozenset({"every", "starts_at"})

    @classmethod
    def clean(cls, spec: Stored, draft: Draft) -> dict[str, Any]:
        """Check `every`; without `starts_at` the first occurrence comes one interval from now."""
        draft.check_zone()
        every = _every(spec.get("every"))
        if spec.get("starts_at") is None:
            starts = ceil_second(draft.now) + every
        else:
            starts = moments.read(spec["starts_at"], "starts_at", draft)
        # What was typed is kept, so that P1D is not answered by PT24H.
        text = spec["every"].strip().upper() if isinstance(spec["every"], str) else durations.write(every)
        return {"every": text, "starts_at": moments.write(starts)}

    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        self._zone = zone
        self._every = durations.parse(stored["every"])
        # A local anchor on a date that its zone left out never comes, nor does anything counted from it.
        self._anchor = moments.instant(stored["starts_at"], zone)

    def next(self, after: datetime) -> Instant | None:
        """Return the next multiple, by division."""
        if self._anchor is None:
            return None
        steps = 0 if after < self._anchor else (after - self._anchor) // self._every + 1
        return self._at(steps)

    def nth(self, after: datetime, n: int) -> Instant | None:
        """Jump n occurrences ahead, or as far as the calendar goes."""
        first = self.next(after)
        if first is None:
            return None
        steps = min(n - 1, (LATEST - first.at) // self._every)
        return stamp(first.at + steps * self._every, self._zone)

    def tally(self, after: datetime, until: datetime) -> int:
        """Count by division."""
        first = self.next(after)
        return 0 if first is None or first.at > until else (until - first.at) // self._every + 1

    def _at(self, steps: int) -> Instant | None:
        if self._anchor is None or steps > (LATEST - self._anchor) // self._every:
            return None
        return stamp(self._anchor + steps * self._every, self._zone)

    @classmethod
    def describe(cls, stored: Stored, voice: Voice) -> str:
        """Say “Every 90 minutes”."""
        return voice.every(durations.parse(stored["every"]))

    @classmethod
    def anchor(cls, stored: Stored) -> Anchor:  # noqa: ARG003  every interval is alike
        """Tell that all that follows is counted from the start."""
        return "moment"


def _every(value: object) -> timedelta:
    field = "schedule.every"
    try:
        if isinstance(value, str):
            every = durations.parse(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            every = timedelta(seconds=min(value, 10**11))
        else:
            message = "write an ISO 8601 duration such as PT90M, or whole seconds"
            raise ScheduleError(message, field=field)
    except ValueError as error:
        raise ScheduleError(str(error), field=field) from error
    if every < SHORTEST:
        message = "at most one run a minute: use PT1M or more"
        raise ScheduleError(message, field=field, code="too_frequent")
    if every > durations.LONGEST:
        message = "an interval may be at most 100 years"
        raise ScheduleError(message, field=field, code="out_of_range")
    return every


RULE = Interval
