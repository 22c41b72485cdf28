"""A schedule ready to be asked: a rule between its start and its end, with exceptions and holidays."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from schedules import walls
from schedules.base import EARLIEST, LATEST, Instant, Stored, stamp
from schedules.days_off import DaysOff
from schedules.kinds import rule
from schedules.layers import TICK, Bounded, Excluding, Including, Source
from schedules.moments import ending, starting
from schedules.moving import Leaving, Moving
from schedules.zones import zone

GRACE: Final = timedelta(seconds=60)
"""How far in the past a `once` may lie when it is created; it is then due at once."""


class Schedule:
    """What `plan.load` returns; immutable, and shared by everybody who loads the same stored form.

    `starts_at`, `ends_at` and `count` bound the rule's own occurrences, before exclusions and holidays; what is moved
    off a holiday may come to lie outside, and what is included may lie anywhere, as in RFC 5545. Exclusions hold for
    all: for an occurrence by its own date, for a moved one also by the new one, and for what is included.
    """

    __slots__ = ("_source", "begins_after", "kind", "rule", "timezone")

    def __init__(self, stored: Stored) -> None:
        self.kind: str = stored["kind"]
        self.timezone: str = stored["timezone"]
        place = zone(self.timezone)
        self.rule = rule(stored)(stored, place)
        starts = starting(stored["starts_at"], place) if stored.get("starts_at") else EARLIEST
        # Just before the start, because `next` is strictly later and the start itself may be an occurrence.
        self.begins_after = max(starts, EARLIEST) - TICK
        self._source = _around(Bounded(self.rule, self.begins_after, _until(stored, place)), stored, place)

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence strictly later than `after` (aware), or None."""
        return self._source.next(after.astimezone(UTC))

    def first(self, now: datetime) -> Instant | None:
        """Return the occurrence with which a schedule created at `now` begins.

        A `once` may lie up to a minute in the past. A recurring rule begins strictly later than `now`: what falls
        exactly on the instant of creation is not fired, as in a preview.
        """
        return self.next(now - GRACE - TICK if self.kind == "once" else now)

    def upcoming(self, after: datetime, count: int) -> list[Instant]:
        """Return at most `count` occurrences later than `after`, in order."""
        found: list[Instant] = []
        while len(found) < count and (coming := self.next(after)):
            found.append(coming)
            after = coming.at
        return found

    def tally(self, after: datetime, until: datetime) -> int:
        """Count the occurrences in (after, until] without walking over them.

        Fixed times of day count by the calendar, right to within the few that daylight saving takes or gives.
        """
        return self._source.tally(after.astimezone(UTC), until.astimezone(UTC))

    def latest(self, after: datetime, until: datetime) -> Instant | None:
        """Return the last occurrence in (after, until], by bisection: about thirty questions for a year."""
        found = self.next(after)
        if found is None or found.at > until:
            return None
        low, high = found.at, until
        # Whatever follows `low` may be too late already; then `low` is the last one.
        while (coming := self.next(low)) and coming.at <= until:
            found = coming
            middle = coming.at + (high - coming.at) / 2
            ahead = self.next(middle)
            if ahead and ahead.at <= until:
                low, found = ahead.at, ahead
            else:
                low, high = coming.at, middle
        return found


def _until(stored: Stored, place: ZoneInfo) -> datetime:
    # An inclusive end that the clock shows twice means its second pass; the last of a count means its own.
    folds = {"ends_at": "second", "last_at": stored.get("dst_fold", "first")}
    return min([LATEST, *(ending(stored[name], place, fold) for name, fold in folds.items() if stored.get(name))])


def _around(source: Source, stored: Stored, place: ZoneInfo) -> Source:
    """Put around a rule what the schedule asks for, and nothing else."""
    policy, excluded = stored.get("on_holiday", "keep"), stored.get("exclude", ())
    if policy != "keep":
        if excluded:
            source = Excluding(source, place, excluded)
        days_off = DaysOff(stored)
        source = Leaving(source, place, days_off) if policy == "skip" else Moving(source, place, days_off, stored)
    if stored.get("include"):
        source = Including(source, [found for text in stored["include"] for found in _included(text, stored, place)])
    return Excluding(source, place, excluded) if excluded else source


def _included(text: str, stored: Stored, place: ZoneInfo) -> tuple[Instant, ...]:
    at = datetime.fromisoformat(text)
    if at.tzinfo is not None:
        return (stamp(at.astimezone(UTC), place),)
    return walls.place(at, place, stored.get("dst_gap", "next_valid"), stored.get("dst_fold", "first"))
