"""Cron on the wall clock of a zone, with a policy for what daylight saving takes away or gives twice."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from schedules import moments, walls
from schedules.base import Draft, Instant, Rule, ScheduleError, Stored, stamp
from schedules.cron_fields import CronFields
from schedules.words.cron import sentence

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
        if _fields(expression).running and policy.get("dst_fold") == "second":
            message = "a * in minute or hour follows the running clock, which knows no second pass; leave it out"
            raise ScheduleError(message, field="schedule.dst_fold")
        if spec.get("starts_at") is None:
            starts = draft.now.replace(microsecond=0) + _SECOND
        else:
            starts = moments.read(spec["starts_at"], "starts_at", draft)
        return {"expression": " ".join(expression.split()), "starts_at": moments.write(starts), **policy}

    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        self._zone = zone
        self._fields = _fields(stored["expression"])
        self._gap: str = stored.get("dst_gap", "next_valid")
        self._fold: str = stored.get("dst_fold", "first")

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence later than `after`."""
        if self._fields.running:
            return self._next_running(after)
        if self._fold != "both":
            return self._next_fixed(after, self._fold)
        found = [self._next_fixed(after, fold) for fold in ("first", "second")]
        return min((instant for instant in found if instant), key=lambda instant: instant.at, default=None)

    def _next_fixed(self, after: datetime, fold: str) -> Instant | None:
        # Placing keeps the order of local times, so the first one that lands later than `after` is the answer.
        wall: datetime | None = self._wall(after)
        if fold == "second" and wall and not _is_second_pass(after, self._zone):
            shown = walls.passes(wall, self._zone)
            # In the first pass of a fold all of the second is still to come, back to where it begins.
            wall -= shown[-1] - shown[0]
        while wall and (wall := self._fields.next(wall)):
            for instant in walls.place(wall, self._zone, self._gap, fold):
                if instant.at > after:
                    return instant
        return None

    def _next_running(self, after: datetime) -> Instant | None:
        wall = self._wall(after)
        found = self._first_shown(wall, after)
        shown = walls.passes(wall, self._zone)
        if len(shown) > 1 and not _is_second_pass(after, self._zone):
            # The clock will be turned back to the start of the fold; what matches there comes again.
            turned = walls.change(self._zone, *shown).astimezone(self._zone).replace(tzinfo=None)
            again = self._first_shown(turned - _SECOND, after)
            found = min((i for i in (found, again) if i), key=lambda instant: instant.at, default=None)
        return found

    def _first_shown(self, wall: datetime, after: datetime) -> Instant | None:
        coming: datetime | None = wall
        while coming and (coming := self._fields.next(coming)):
            shown = walls.passes(coming, self._zone)
            for at in shown:
                if at > after:
                    return stamp(at, self._zone, *(("dst_fold",) if len(shown) > 1 else ()))
        return None

    def tally(self, after: datetime, until: datetime) -> int:
        """Count by the calendar: right to within the few that daylight saving takes or gives."""
        return self._fields.tally(self._wall(after), self._wall(until))

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None, fold=0)

    @classmethod
    def describe(cls, stored: Stored) -> str:
        """Say “Every weekday at 09:00”, or show the expression where no sentence fits."""
        return sentence(stored["expression"], _fields(stored["expression"]))


@lru_cache(maxsize=4096)
def _fields(expression: str) -> CronFields:
    return CronFields(expression)


def _is_second_pass(at: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(UTC).astimezone(zone).fold == 1


RULE = Cron
