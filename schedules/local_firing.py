"""What a claim does with occurrences on everybody's own clock: in each zone as if that zone were the only one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from schedules.catch_up import MOST_FIRED, CatchUp, Reason, limit
from schedules.everywhere import Everywhere, Opening

MOST_WALKED: Final = 5_000
_KEPT: Final = 2_000
"""A schedule runs once a minute at the most: the last ones of a full walk cover more than the 26 hours between the
first zone and the last, so that what stands before them is over and superseded everywhere."""

Status = Literal["pending", "expired", "suppressed"]


@dataclass(frozen=True, slots=True)
class Place:
    """What becomes of a local time in one zone; `seq` counts the passes of a time that comes twice."""

    zone: str
    seq: int
    due_at: datetime | None
    status: Status
    reason: str | None = None


@dataclass(slots=True)
class LocalFiring:
    """What a claim does with one reminder that is due somewhere; local times in order."""

    fires: list[tuple[datetime, list[Place]]] = field(default_factory=list)
    """Occurrences to open, each with a place for every zone."""
    expired: list[tuple[datetime, datetime, Reason]] = field(default_factory=list)
    """Occurrences missed by everybody: local time, earliest instant, reason."""
    coming: Opening | None = None


def firing(
    everywhere: Everywhere, local: datetime, now: datetime, *, catch_up: CatchUp, max_lateness: timedelta | None
) -> LocalFiring:
    """Decide about all that is to be opened by `now`, from a local time of the schedule on.

    What a zone has missed is caught up with as in an ordinary schedule of that zone; what still lies before it waits.
    """
    decided = LocalFiring(coming=everywhere.opening(local))
    walked: list[datetime] = []
    following: datetime | None = local
    while following and decided.coming and decided.coming.at <= now and len(walked) < MOST_WALKED:
        walked.append(following)
        following = everywhere.next(following)
        decided.coming = everywhere.opening(following)
    if decided.coming and decided.coming.at <= now:
        decided.coming = everywhere.opening(walked[-_KEPT])
        return _write_off(decided, everywhere, walked[:-_KEPT], catch_up)
    places: dict[datetime, list[Place]] = {each: [] for each in walked}
    for zone in everywhere.zones:
        missed = _Missed(everywhere, zone, now, catch_up, max_lateness, [*walked, *filter(None, [following])])
        for each in walked:
            places[each] += missed.places(each)
    for each in walked:
        _sort(decided, each, places[each])
    return decided


class _Missed:
    """One zone's share: which of what is behind it is still sent."""

    def __init__(
        self,
        everywhere: Everywhere,
        zone: str,
        now: datetime,
        catch_up: CatchUp,
        max_lateness: timedelta | None,
        walked: list[datetime],
    ) -> None:
        self._everywhere, self._zone, self._now, self._skips = everywhere, zone, now, catch_up == "skip"
        past = [(at, local) for local in walked for at in everywhere.due(local, zone) if at <= now]
        candidates = past[-MOST_FIRED:] if catch_up == "all" else past[-1:]
        self._candidates = {at for at, _ in candidates}
        self._limit = timedelta.max
        if past:
            last = past[-1][1]
            coming = next((local for local in walked if local > last), None)
            self._limit = limit(everywhere.clock, last, coming, catch_up, max_lateness)
        self._fires = {at for at in self._candidates if now - at <= self._limit}

    def places(self, local: datetime) -> list[Place]:
        """Return what becomes of a local time here."""
        due = self._everywhere.due(local, self._zone)
        if not due:
            passed = self._everywhere.all_due(local, self._zone)
            return [Place(self._zone, 1, None, "suppressed", "already_past" if passed else "no_such_local_time")]
        return [self._place(seq, at) for seq, at in enumerate(due, 1)]

    def _place(self, seq: int, at: datetime) -> Place:
        if at > self._now or at in self._fires:
            return Place(self._zone, seq, at, "pending")
        coalesced = self._fires and not self._skips and at not in self._candidates
        return Place(self._zone, seq, at, "expired", "coalesced" if coalesced else "too_late")


def _sort(decided: LocalFiring, local: datetime, places: list[Place]) -> None:
    """Open what somebody still gets; what all have missed has expired; what nobody ever had is no occurrence."""
    if any(place.status == "pending" for place in places):
        decided.fires.append((local, places))
    elif expired := [place for place in places if place.status == "expired"]:
        reason: Reason = "coalesced" if any(place.reason == "coalesced" for place in expired) else "too_late"
        decided.expired.append((local, min(place.due_at for place in expired if place.due_at), reason))


def _write_off(decided: LocalFiring, everywhere: Everywhere, walked: list[datetime], catch_up: CatchUp) -> LocalFiring:
    """After a very long time the oldest are superseded in every zone; the next claim goes on from there."""
    for local in walked:
        due = [at for zone in everywhere.zones for at in everywhere.due(local, zone)]
        if due:
            decided.expired.append((local, min(due), "too_late" if catch_up == "skip" else "coalesced"))
    return decided
