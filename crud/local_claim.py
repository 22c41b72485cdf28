"""What a claim will write for reminders on everybody's own clock, decided reminder by reminder in plain Python."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row

from core.clock import SECOND, ceil_second, iso
from core.logs import frames
from core.work import Work
from crud.claim_plan import POISONED, columns
from crud.fan_out_local import EXPIRE_LOCAL, TAKEN, WRITE_LOCAL_CLAIM
from crud.recipients import Zones
from schedules.everywhere import Everywhere
from schedules.local_firing import LocalFiring, Place, firing

log = structlog.get_logger()

# From the first zone to the last: how long before its own hour somebody else's may have come.
_SPREAD = timedelta(days=2)
_TICK = timedelta(microseconds=1)


@dataclass(slots=True)
class LocalPlan:
    """The columns of the statements that write, as lists; `zones` and `taken` are by reminder."""

    zones: Zones
    taken: dict[UUID, set[datetime]]
    """Seconds that its occurrences bear. Who goes a day ahead has tomorrow's at the instant of today's."""
    moves: list[tuple[Any, ...]] = field(default_factory=list)
    fires: list[tuple[Any, ...]] = field(default_factory=list)
    expired: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, row: Row[Any], now: datetime) -> datetime | None:
        """Plan one reminder that is due and return its next instant."""
        try:
            decided = _decide(row, self.zones[row.id], now)
        except Exception as error:  # noqa: BLE001  one reminder that cannot be planned must not stop the others
            log.error("reminder.poisoned", reminder_id=str(row.id), error=type(error).__name__, at=frames(error))
            again = ceil_second(now + POISONED)
            self.moves.append((row.team_id, row.id, again, None, "active", row.next_local, None))
            return None
        fired = self._fires(row, decided)
        for local, at, reason in decided.expired:
            self.expired.append((row.team_id, row.id, self._free(row.id, at), reason, local))
        coming = decided.coming
        status = "active" if coming else "expired" if decided.expired and not decided.fires else "completed"
        key = (row.team_id, row.id)
        self.moves.append(
            (*key, coming.at, fired, status, coming.local, coming.zone)
            if coming
            else (*key, None, fired, status, None, None)
        )
        return coming.at if coming else None

    def _fires(self, row: Row[Any], decided: LocalFiring) -> datetime | None:
        """Add what opens; return the instant of the last one."""
        at = None
        for index, (local, places) in enumerate(decided.fires, 1):
            at = self._free(row.id, _earliest(places))
            # What was left out for everybody is said with the last one that fires.
            missed = len(decided.expired) if index == len(decided.fires) else 0
            self.fires.append((row.team_id, row.id, at, missed, local, _by_zone(places)))
        return at

    def _free(self, reminder_id: UUID, at: datetime) -> datetime:
        taken = self.taken.setdefault(reminder_id, set())
        while at in taken:
            at += SECOND
        taken.add(at)
        return at

    async def write(self, work: Work) -> Row[Any]:
        """Write it all, and return what `fan_out.OUTCOME` says."""
        values = (*columns(self.moves, 7), *columns(self.fires, 6))
        outcome = (await work.conn.exec_driver_sql(WRITE_LOCAL_CLAIM, values)).one()
        if self.expired:
            await work.conn.exec_driver_sql(EXPIRE_LOCAL, tuple(columns(self.expired, 5)))
        return outcome


def _by_zone(places: Collection[Place]) -> str:
    found: dict[str, list[dict[str, Any]]] = {}
    for place in places:
        due_at = place.due_at and iso(place.due_at)
        each = {"seq": place.seq, "due_at": due_at, "status": place.status, "reason": place.reason}
        found.setdefault(place.zone, []).append(each)
    return json.dumps(found)


def _earliest(places: Collection[Place]) -> datetime:
    """Return when the first zone has it; of those that still get it."""
    return min(place.due_at for place in places if place.due_at and place.status == "pending")


def _decide(row: Row[Any], zones: Collection[str], now: datetime) -> LocalFiring:
    # A row that was written by hand knows its instant only.
    since = row.planned_from if row.next_local else row.next_run_at - _TICK
    everywhere = Everywhere(row.schedule, zones, since)
    local = row.next_local or everywhere.first()
    if local is None:
        return LocalFiring()
    return firing(everywhere, local, now, catch_up=row.catch_up, max_lateness=row.max_lateness)


async def taken_seconds(work: Work, rows: Collection[Row[Any]]) -> dict[UUID, set[datetime]]:
    """Return the seconds that occurrences of some reminders bear already, by reminder."""
    if not rows:
        return {}
    keys = columns([(row.team_id, row.id) for row in rows], 2)
    since = min(row.next_run_at for row in rows) - _SPREAD
    found: dict[UUID, set[datetime]] = {}
    for row in await work.conn.exec_driver_sql(TAKEN, (*keys, since)):
        found.setdefault(row.reminder_id, set()).add(row.scheduled_for)
    return found
