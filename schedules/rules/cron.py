"""Cron on the wall clock of a zone, with a policy for what daylight saving takes away or gives twice."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from schedules import moments, walls
from schedules.base import Draft, Instant, Rule, ScheduleError, Stored, stamp
from schedules.cron_fields import CronFields
from schedules.wall_times import WallTimes, is_second_pass, shown
from schedules.words.cron import sentence
from schedules.words.voice import Voice

LONGEST_EXPRESSION = 200
_SECOND = timedelta(seconds=1)


class Cron(Rule):
    """Fixed times of day keep their local time; a `*` in minute or hour follows the running clock."""

    kind = "cron"
    fields = frozenset({"expression", "starts_at"}) | walls.FIELDS

    @classmethod
    def clean(cls, spec: Stored, draft: Draft) -> dict[str, Any]:
        """Check the expression; without `starts_at` the rule holds from the next second on."""
        expression = spec.get("expression")
        if not isinstance(expression, str) or not expression.strip() or len(expression) > LONGEST_EXPRESSION:
            message = "write five fields, such as 0 9 * * MON-FRI"
            raise ScheduleError(message, field="schedule.expression")
        policy = walls.clean(spec, draft)
        if _fields(expression).running:
            draft.check_zone()
            if policy.get("dst_fold") == "second":
                message = "a * in minute or hour follows the running clock, which knows no second pass; leave it out"
                raise ScheduleError(message, field="schedule.dst_fold")
        if spec.get("starts_at") is None:
            starts = moments.default(draft.now + _SECOND, draft)
        else:
            starts = moments.read(spec["starts_at"], "starts_at", draft)
        return {"expression": " ".join(expression.split()), "starts_at": moments.write(starts), **policy}

    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        self._zone = zone
        self._fields = _fields(stored["expression"])
        self._on_walls = WallTimes(self._fields.next, zone, stored)

    @property
    def times(self) -> tuple[time, ...]:
        """The times of day of an expression without a star in minute or hour."""
        return () if self._fields.running else tuple(time(*divmod(at, 60)) for at in self._fields.times)

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence later than `after`."""
        if self._fields.running:
            return self._next_running(after)
        return self._on_walls.next(after)

    def _next_running(self, after: datetime) -> Instant | None:
        wall = shown(after, self._zone)
        found = self._first_shown(wall, after)
        both = walls.passes(wall, self._zone)
        if len(both) > 1 and not is_second_pass(after, self._zone):
            # The clock will be turned back to the start of the fold; what matches there comes again.
            turned = shown(walls.change(self._zone, *both), self._zone)
            again = self._first_shown(turned - _SECOND, after)
            found = min((i for i in (found, again) if i), key=lambda instant: instant.at, default=None)
        return found

    def _first_shown(self, wall: datetime, after: datetime) -> Instant | None:
        coming: datetime | None = wall
        while coming and (coming := self._fields.next(coming)):
            found = walls.passes(coming, self._zone)
            for at in found:
                if at > after:
                    return stamp(at, self._zone, *(("dst_fold",) if len(found) > 1 else ()))
        return None

    def tally(self, after: datetime, until: datetime) -> int:
        """Count by the calendar: right to within the few that daylight saving takes or gives."""
        return self._fields.tally(shown(after, self._zone), shown(until, self._zone))

    @classmethod
    def describe(cls, stored: Stored, voice: Voice) -> str:
        """Say “Every weekday at 09:00”, or show the expression where no sentence fits."""
        return sentence(stored["expression"], _fields(stored["expression"]), voice)


@lru_cache(maxsize=4096)
def _fields(expression: str) -> CronFields:
    return CronFields(expression)


RULE = Cron
