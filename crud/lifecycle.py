"""The life of a reminder: pause, resume, skip, run, done, delete, restore.

What is final cancels the deliveries that wait, in its own transaction (`deliveries.cancel`): a claim reads
a snapshot, and would not see a mere change of state. Every verb locks the reminder first, so that a claim
under way has ended and what it wrote is seen. A paused or deleted row keeps the `next_run_at` that it had.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update
from sqlalchemy.exc import IntegrityError

from core.clock import ceil_second
from core.errors import Conflict, Invalid
from core.work import About, Work
from crud import deliveries, history, occurrences, quotas, recipients
from crud.access import Actor
from crud.recipients import Next, Zones
from crud.reminders import KeyTaken, locked
from crud.versions import Expected, check
from models import reminders
from schedules import plan
from schedules.everywhere import is_everybodys


class WrongState(Conflict):
    """The reminder is in a state that does not allow this."""

    code = "wrong_state"


def next_when_active(row: Row[Any], now: datetime, zones: Zones) -> Next:
    """Return when a reminder runs that becomes active again now; no instant when nothing is to come.

    A one-shot keeps its instant even if that has passed: it fires late and says so. What recurs goes on
    with the first one that is still to come, and never before the one that it stood at, which skips what
    was skipped. `zones` are needed on everybody's own clock only.
    """
    stands: datetime | None = row.next_run_at
    recurs = row.schedule["kind"] != "once"
    if stands is not None and is_everybodys(row.schedule):
        return recipients.goes_on(row, zones[row.id], now if recurs else None, row.next_local)
    if stands is None or stands > now or not recurs:
        return Next(stands)
    coming = plan.load(row.schedule).next(now)
    return Next(coming.at if coming else None)


async def write(work: Work, row: Row[Any], **changes: object) -> Row[Any]:
    """Store a person's change of a locked reminder, wake for its next run, and return it as it is now.

    Raises KeyTaken when it becomes active under a natural key that another one holds.
    """
    statement = (
        update(reminders)
        .where(reminders.c.team_id == row.team_id, reminders.c.id == row.id)
        .values(version=reminders.c.version + 1, updated_at=work.now, **changes)
        .returning(reminders)
    )
    try:
        changed: Row[Any] = (await work.conn.execute(statement)).one()
    except IntegrityError as error:
        if "uq_reminders_active_key" in str(error.orig):
            raise KeyTaken from error
        raise
    if changed.status == "active":
        work.wake(changed.next_run_at)
        if row.status != "active":
            await quotas.check(work, "reminders", row.team_id)
    return changed


def noted(work: Work, row: Row[Any], action: str, fields: Iterable[str] = ()) -> None:
    """Note in the audit log what a person did to a reminder."""
    about: About = {"team_id": row.team_id, "object_type": "reminder", "object_id": row.id, "fields": sorted(fields)}
    work.note(f"reminder.{action}", **about)


def _must_be(row: Row[Any], *allowed: str) -> None:
    if row.status not in allowed:
        message = f"the reminder is {row.status}; this needs one that is {' or '.join(allowed)}"
        raise WrongState(message)


async def pause(work: Work, actor: Actor, reminder_id: UUID, *, until: datetime | None, reason: str | None) -> Row[Any]:
    """Pause a reminder, for good or until an instant; what waits to be sent is cancelled. Pausing again renews it."""
    row = await locked(work, actor, reminder_id)
    _must_be(row, "active", "paused")
    if until is not None and until <= work.now:
        message = "pause until an instant that is still to come, or leave it out"
        raise Invalid(message, field="until", code="in_the_past")
    await deliveries.cancel(work, row.team_id, row.id, "paused")
    until = until and ceil_second(until)
    paused = await write(work, row, status="paused", paused_until=until, pause_reason=reason)
    noted(work, row, "paused")
    work.wake(until)
    return paused


async def _activated(work: Work, row: Row[Any]) -> dict[str, Any]:
    coming = next_when_active(row, work.now, await recipients.zones_of(work, recipients.local(row)))
    status = "active" if coming.next_run_at is not None else "completed"
    return {"status": status, **recipients.values(coming), "paused_until": None, "pause_reason": None}


async def resume(work: Work, actor: Actor, reminder_id: UUID) -> Row[Any]:
    """Make a paused reminder active again; an active one stays as it is. Raises WrongState, KeyTaken."""
    row = await locked(work, actor, reminder_id)
    _must_be(row, "active", "paused")
    if row.status == "active":
        return row
    noted(work, row, "resumed")
    return await write(work, row, **await _activated(work, row))


def after_skip(row: Row[Any], zones: Zones) -> Next:
    """Return what follows for a reminder whose next occurrence is left out; `zones` as in `next_when_active`."""
    if is_everybodys(row.schedule):
        return recipients.after_next(row, zones)
    following = plan.load(row.schedule).next(row.next_run_at)
    return Next(following.at if following else None)


async def skip(work: Work, actor: Actor, reminder_id: UUID) -> Row[Any]:
    """Leave the next occurrence out; a one-shot is completed by it. Raises WrongState."""
    row = await locked(work, actor, reminder_id)
    _must_be(row, "active")
    coming = after_skip(row, await recipients.zones_of(work, recipients.local(row)))
    await occurrences.skip_next(work, row)
    noted(work, row, "skipped")
    status = "active" if coming.next_run_at is not None else "completed"
    return await write(work, row, status=status, **recipients.values(coming))


async def run(work: Work, actor: Actor, reminder_id: UUID) -> Row[Any]:
    """Fire a reminder now, beside its schedule, and return the occurrence. Raises WrongState."""
    row = await locked(work, actor, reminder_id)
    _must_be(row, "active", "paused", "completed")
    noted(work, row, "run")
    return await occurrences.fire_now(work, row)


async def acknowledge(work: Work, actor: Actor, reminder_id: UUID, *, note: str | None) -> Row[Any]:
    """Say that a reminder is done: all its open occurrences are acknowledged; return the latest one."""
    row = await locked(work, actor, reminder_id)
    noted(work, row, "acknowledged")
    return await occurrences.acknowledge(work, row.team_id, reminder_id=row.id, by=actor.user_id, via="api", note=note)


async def delete(work: Work, actor: Actor, reminder_id: UUID, *, versions: Expected) -> None:
    """Delete a reminder softly and cancel what waits. Raises NotFound, RoleTooLow, VersionConflict."""
    row = await locked(work, actor, reminder_id)
    check(row.version, versions)
    await deliveries.cancel(work, row.team_id, row.id, "deleted", close=True)
    noted(work, row, "deleted")
    await write(work, row, status="deleted", status_before_delete=row.status, deleted_at=work.now)


async def restore(work: Work, actor: Actor, reminder_id: UUID) -> Row[Any]:
    """Bring a deleted reminder back to the state it had; one that is not deleted stays as it is.

    Raises NotFound, RoleTooLow, KeyTaken.
    """
    row = await locked(work, actor, reminder_id, deleted=True)
    if row.status != "deleted":
        return row
    back = {"status": row.status_before_delete, "status_before_delete": None, "deleted_at": None}
    if back["status"] == "active":
        back |= await _activated(work, row)
    noted(work, row, "restored")
    return await write(work, row, **back)


async def acknowledge_one(work: Work, actor: Actor, occurrence_id: UUID, *, note: str | None) -> Row[Any]:
    """Say that one occurrence is done. Raises NotFound, RoleTooLow, NothingToAcknowledge."""
    row = await history.occurrence(work, actor, occurrence_id, at_least="member")
    work.note("occurrence.acknowledged", team_id=row.team_id, object_type="occurrence", object_id=row.id)
    return await occurrences.acknowledge(
        work, row.team_id, occurrence_id=row.id, by=actor.user_id, via="api", note=note
    )
