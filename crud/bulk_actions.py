"""One action on many reminders of a team, on all or on none: locked in the order of their ids, then written at once.

What each action means for a single reminder stands in `crud/lifecycle.py`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, update

from core.clock import ceil_second
from core.errors import DomainError, Invalid, ItemProblem, NotFound
from core.work import Work
from crud import access, bulk_occurrences, deliveries, planning, quotas, recipients
from crud.access import Actor
from crud.claim_plan import columns
from crud.lifecycle import WrongState, after_skip, next_when_active, noted
from crud.occurrences import NothingToAcknowledge
from crud.recipients import Next
from crud.reminders import KeyTaken
from models import reminders
from schemas.bulk import Action, BulkAction

Rows = Sequence[Row[Any]]

_TAKES: Final[Mapping[str, Action]] = {"until": "pause", "reason": "pause", "note": "acknowledge"}
_STATES: Final[Mapping[Action, tuple[str, ...]]] = {
    "pause": ("active", "paused"),
    "resume": ("active", "paused"),
    "skip": ("active",),
}
_MOVE = """
update reminders r
   set status = u.status, next_run_at = u.next_run_at, next_local = u.next_local, next_zone = u.next_zone,
       planned_from = u.planned_from, status_before_delete = null, deleted_at = null,
       paused_until = case when u.status = 'paused' then r.paused_until end,
       pause_reason = case when u.status = 'paused' then r.pause_reason end,
       version = r.version + 1, updated_at = $2
  from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::timestamp[], $7::text[], $8::timestamptz[])
    as u (id, status, next_run_at, next_local, next_zone, planned_from)
 where r.team_id = $1 and r.id = u.id
"""
# Whose natural key another active one has, among those that are to become active.
_TAKEN = """
select r.id from reminders r
 where r.team_id = $1 and r.id = any($2::uuid[])
   and exists (select from reminders o
                where o.team_id = r.team_id and o.id <> r.id and o.entity_type = r.entity_type
                  and o.entity_id = r.entity_id and o.event_type = r.event_type
                  and (o.status = 'active' or o.id = any($2::uuid[])))
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Locked reminders of one team, and what was asked for them."""

    work: Work
    actor: Actor
    team_id: UUID
    rows: Rows
    body: BulkAction

    @property
    def ids(self) -> list[UUID]:
        """The ids of the reminders."""
        return [row.id for row in self.rows]


async def perform(work: Work, actor: Actor, team_id: UUID, action: Action, body: BulkAction) -> list[Row[Any]]:
    """Do one action on reminders of a team and return them as they are then, in the order of the ids.

    Raises NotFound and WrongState with which ones, RoleTooLow, KeyTaken, NothingToAcknowledge, Invalid.
    """
    _check_fields(action, body)
    await access.member(work, actor, team_id, "member")
    rows = await _locked(work, actor, team_id, body.ids, deleted=action == "restore")
    if allowed := _STATES.get(action):
        states = [(row.id, f"the reminder is {row.status}") for row in rows if row.status not in allowed]
        message = f"this needs reminders that are {' or '.join(allowed)}"
        _refuse(WrongState(message), states, body.ids)
    await _PERFORM[action](Batch(work, actor, team_id, rows, body))
    for row in rows:
        noted(work, row, _DONE[action])
    done = reminders.select().where(reminders.c.team_id == team_id, reminders.c.id.in_(body.ids))
    after = {row.id: row for row in await work.conn.execute(done)}
    for row in after.values():
        if row.status == "active" and action != "acknowledge":
            work.wake(row.next_run_at)
    return [after[reminder_id] for reminder_id in body.ids]


def _check_fields(action: Action, body: BulkAction) -> None:
    for name, taken_by in _TAKES.items():
        if getattr(body, name) is not None and action != taken_by:
            message = f"{action} does not take this; leave it out"
            raise Invalid(message, field=name, code="unused")


def _refuse(error: DomainError, found: Sequence[tuple[UUID, str]], ids: Sequence[UUID]) -> None:
    """Raise an error with those of the ids that it is about, if there are any."""
    if found:
        error.items = [ItemProblem(f"ids.{ids.index(which)}", message, error.reason) for which, message in found]
        raise error


async def _locked(work: Work, actor: Actor, team_id: UUID, ids: Sequence[UUID], *, deleted: bool) -> Rows:
    statement = access.mine(reminders, actor).where(reminders.c.team_id == team_id, reminders.c.id.in_(ids))
    if not deleted:
        statement = statement.where(reminders.c.status != "deleted")
    locked = statement.order_by(reminders.c.id).with_for_update(of=reminders)
    rows: Rows = (await work.conn.execute(locked)).all()
    absent = set(ids) - {row.id for row in rows}
    _refuse(NotFound("some of these reminders are not there"), [(i, "there is no such reminder") for i in absent], ids)
    return rows


async def _pause(batch: Batch) -> None:
    work, until = batch.work, batch.body.until
    if until is not None and until <= work.now:
        message = "pause until an instant that is still to come, or leave it out"
        raise Invalid(message, field="until", code="in_the_past")
    until = until and ceil_second(until)
    await deliveries.cancel_of(work, batch.team_id, batch.ids, "paused", close=False)
    await _write(batch, {"status": "paused", "paused_until": until, "pause_reason": batch.body.reason})
    work.wake(until)


async def _delete(batch: Batch) -> None:
    await deliveries.cancel_of(batch.work, batch.team_id, batch.ids, "deleted", close=True)
    gone = {"status": "deleted", "status_before_delete": reminders.c.status, "deleted_at": batch.work.now}
    await _write(batch, gone)


async def _write(batch: Batch, values: Mapping[str, Any]) -> None:
    these = update(reminders).where(reminders.c.team_id == batch.team_id, reminders.c.id.in_(batch.ids))
    changed = these.values(version=reminders.c.version + 1, updated_at=batch.work.now, **values)
    await batch.work.conn.execute(changed)


async def _resume(batch: Batch) -> None:
    await _activate(batch, [row for row in batch.rows if row.status == "paused"])


async def _restore(batch: Batch) -> None:
    deleted = [row for row in batch.rows if row.status == "deleted"]
    await _activate(batch, [row for row in deleted if row.status_before_delete == "active"])
    rest = [row for row in deleted if row.status_before_delete != "active"]
    await _move(batch, [(row.id, row.status_before_delete, _standing(row)) for row in rest])


def _standing(row: Row[Any]) -> Next:
    return Next(row.next_run_at, row.next_local, row.next_zone, row.planned_from)


async def _activate(batch: Batch, rows: Rows) -> None:
    if not rows:
        return
    work, ids = batch.work, [row.id for row in rows]
    taken = (await work.conn.exec_driver_sql(_TAKEN, (batch.team_id, ids))).scalars()
    _refuse(KeyTaken(), [(which, KeyTaken().detail) for which in taken], batch.body.ids)
    zones = await recipients.zones_of(work, recipients.local(*rows))
    coming = await planning.beside(lambda: [next_when_active(row, work.now, zones) for row in rows], len(rows))
    await _move(batch, [(row.id, _status(each), each) for row, each in zip(rows, coming, strict=True)])
    await quotas.check(work, "reminders", batch.team_id, len(rows))


def _status(coming: Next) -> str:
    return "active" if coming.next_run_at is not None else "completed"


async def _skip(batch: Batch) -> None:
    rows = batch.rows
    zones = await recipients.zones_of(batch.work, recipients.local(*rows))
    coming = await planning.beside(lambda: [after_skip(row, zones) for row in rows], len(rows))
    await bulk_occurrences.skip(batch.work, batch.team_id, rows)
    await _move(batch, [(row.id, _status(each), each) for row, each in zip(rows, coming, strict=True)])


async def _move(batch: Batch, moves: Sequence[tuple[UUID, str, Next]]) -> None:
    if moves:
        values = [(which, status, *recipients.values(coming).values()) for which, status, coming in moves]
        await batch.work.conn.exec_driver_sql(_MOVE, (batch.team_id, batch.work.now, *columns(values, 6)))


async def _acknowledge(batch: Batch) -> None:
    by, note = batch.actor.user_id, batch.body.note
    idle = await bulk_occurrences.acknowledge(batch.work, batch.team_id, batch.ids, by=by, note=note)
    nothing = NothingToAcknowledge()
    _refuse(nothing, [(which, nothing.detail) for which in idle], batch.body.ids)


_DONE: Final[Mapping[Action, str]] = {
    "pause": "paused",
    "resume": "resumed",
    "skip": "skipped",
    "delete": "deleted",
    "restore": "restored",
    "acknowledge": "acknowledged",
}
_PERFORM: Final[Mapping[Action, Callable[[Batch], Awaitable[None]]]] = {
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "delete": _delete,
    "restore": _restore,
    "acknowledge": _acknowledge,
}
