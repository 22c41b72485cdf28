"""A schedule ready to be asked: a rule between its start and its end."""

from datetime import UTC, datetime, timedelta

from schedules.base import EARLIEST, LATEST, Instant, Stored
from schedules.kinds import rule
from schedules.moments import instant
from schedules.zones import zone

GRACE = timedelta(seconds=60)
"""How far in the past a `once` may lie when it is created; it is then due at once."""
_TICK = timedelta(microseconds=1)


class Schedule:
    """What `plan.load` returns; immutable, and shared by everybody who loads the same stored form."""

    __slots__ = ("_until", "begins_after", "kind", "rule", "timezone")

    def __init__(self, stored: Stored) -> None:
        self.kind: str = stored["kind"]
        self.timezone: str = stored["timezone"]
        place = zone(self.timezone)
        self.rule = rule(stored)(stored, place)
        starts = instant(stored["starts_at"], place) if stored.get("starts_at") else None
        self.begins_after = max(starts or EARLIEST, EARLIEST) - _TICK
        # Just before the start, because `next` is strictly later and the start itself may be an occurrence.
        # An inclusive end that the clock shows twice means its second pass.
        ends = [instant(stored[name], place, fold="second") for name in ("ends_at", "last_at") if stored.get(name)]
        self._until = min([LATEST, *(end for end in ends if end)])

    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence strictly later than `after` (aware), or None."""
        if after >= self._until:
            return None
        found = self.rule.next(max(after.astimezone(UTC), self.begins_after))
        return None if found is None or found.at > self._until else found

    def first(self, now: datetime) -> Instant | None:
        """Return the occurrence with which a schedule created at `now` begins.

        A `once` may lie up to a minute in the past. A recurring rule begins strictly later than `now`: what falls
        exactly on the instant of creation is not fired, as in a preview.
        """
        return self.next(now - GRACE - _TICK if self.kind == "once" else now)

    def upcoming(self, after: datetime, count: int) -> list[Instant]:
        """Return at most `count` occurrences later than `after`, in order."""
        found: list[Instant] = []
        while len(found) < count and (coming := self.next(after)):
            found.append(coming)
            after = coming.at
        return found

    def tally(self, after: datetime, until: datetime) -> int:
        """Count the occurrences in (after, until] without walking over them.

        Cron rules count by the calendar, right to within the few that daylight saving takes or gives.
        """
        low, high = max(after.astimezone(UTC), self.begins_after), min(until.astimezone(UTC), self._until)
        return self.rule.tally(low, high) if low < high else 0

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
