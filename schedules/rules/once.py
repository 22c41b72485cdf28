"""One instant: aware, or a local date-time that keeps its wall-clock time if the zone's rules change."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import to_utc
from schedules import moments, walls
from schedules.base import Draft, Instant, Rule, ScheduleError, Stored, stamp
from schedules.words.moments import moment
from schedules.words.voice import Voice


class Once(Rule):
    """A single occurrence; with `dst_fold: both`, two if the local time comes twice."""

    kind = "once"
    fields = frozenset({"at"}) | walls.FIELDS

    @classmethod
    def clean(cls, spec: Stored, draft: Draft) -> dict[str, Any]:
        """Check `at`, and that a policy for daylight saving stands beside a local time only."""
        if spec.get("at") is None:
            message = "say when: a date-time such as 2026-11-27T16:00:00Z"
            raise ScheduleError(message, field="schedule.at")
        at = moments.read(spec["at"], "at", draft)
        policy = walls.clean(spec, draft)
        if at.tzinfo is not None:
            # An instant with an offset is unambiguous, so a policy beside it would mean nothing.
            policy = {}
        return {"at": moments.write(at), **policy}

    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        at = datetime.fromisoformat(stored["at"])
        if at.tzinfo is not None:
            self._instants: tuple[Instant, ...] = (stamp(to_utc(at), zone),)
        else:
            gap, fold = stored.get("dst_gap", "next_valid"), stored.get("dst_fold", "first")
            self._instants = walls.place(at, zone, gap, fold)
        self._at = at

    @property
    def times(self) -> tuple[time, ...]:
        """The one time of day, where it is local."""
        return (self._at.time(),) if self._at.tzinfo is None else ()

    def next(self, after: datetime) -> Instant | None:
        """Return the instant if it is later than `after`."""
        return next((instant for instant in self._instants if instant.at > after), None)

    @classmethod
    def describe(cls, stored: Stored, voice: Voice) -> str:
        """Say “Once, Fri 27 Nov 2026 at 16:00”."""
        return f"{voice.once}, {moment(stored['at'], stored, voice)}"


RULE = Once
