"""Deleted teams that come back: members, roles, addresses and reminders as they were; schedules go on from now."""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, and_, insert, select, update

from core.clock import ceil_second
from core.errors import NotFound
from core.logs import frames
from core.work import Work
from crud import planning, quotas, recipients, teams
from crud.access import Actor
from crud.claim_plan import POISONED, columns
from crud.lifecycle import next_when_active
from crud.recipients import Next, Zones
from models import addresses, former_memberships, memberships, reminders, users
from models import teams as table

log = structlog.get_logger()

_ROWS = ("team_id", "user_id", "role", "created_at")
_WRITE = """
update reminders r
   set status = u.status, next_run_at = u.next_run_at, next_local = u.next_local, next_zone = u.next_zone,
       planned_from = u.planned_from, paused_until = u.paused_until, status_before_delete = null, deleted_at = null
  from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamp[], $6::text[], $7::timestamptz[],
              $8::timestamptz[])
    as u (id, status, next_run_at, next_local, next_zone, planned_from, paused_until)
 where r.team_id = $1 and r.id = u.id
"""


async def restore(work: Work, actor: Actor, team_id: UUID) -> Row[Any]:
    """Bring back a deleted team that the person owned, and return it.

    What was deleted before the team stays deleted. Raises NotFound, also when its grace is over; QuotaReached.
    """
    statement = teams.gone(work, actor.user_id).where(table.c.id == team_id).with_for_update(of=table, key_share=True)
    row = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no deleted team that you could restore under this id"
        raise NotFound(message)
    await _members(work, team_id)
    here = {"deleted_at": None, "purge_at": None, "version": table.c.version + 1, "updated_at": work.now}
    await work.conn.execute(update(table).where(table.c.id == team_id).values(here))
    await quotas.check(work, "teams", actor.user_id)
    with_it = and_(addresses.c.team_id == team_id, addresses.c.deleted_at == row.deleted_at)
    await work.conn.execute(update(addresses).where(with_it).values(deleted_at=None))
    await _reminders(work, row)
    work.note("team.restored", team_id=team_id, object_type="team", object_id=team_id)
    return await teams.get(work, actor, team_id)


async def _members(work: Work, team_id: UUID) -> None:
    there = and_(users.c.id == former_memberships.c.user_id, users.c.status != "erased")
    former = select(*(former_memberships.c[name] for name in _ROWS)).join(users, there)
    former = former.where(former_memberships.c.team_id == team_id)
    await work.conn.execute(insert(memberships).from_select(_ROWS, former))
    await work.conn.execute(former_memberships.delete().where(former_memberships.c.team_id == team_id))


async def _reminders(work: Work, team: Row[Any]) -> None:
    ended = (reminders.c.team_id == team.id, reminders.c.status == "deleted", reminders.c.deleted_at == team.deleted_at)
    back = {"status": reminders.c.status_before_delete, "status_before_delete": None, "deleted_at": None}
    others = update(reminders).where(*ended, reminders.c.status_before_delete != "active")
    await work.conn.execute(others.values(back))
    rows = (await work.conn.execute(select(reminders).where(*ended).order_by(reminders.c.id).with_for_update())).all()
    if not rows:
        return
    zones = await recipients.zones_of(work, recipients.local(*rows))
    planned = await planning.beside(lambda: [_planned(work, row, zones) for row in rows], len(rows))
    for _, status, next_run_at, *_ in planned:
        if status == "active":
            work.wake(next_run_at)
    await work.conn.exec_driver_sql(_WRITE, (team.id, *columns(planned, 7)))


def _planned(work: Work, row: Row[Any], zones: Zones) -> tuple[Any, ...]:
    """Return id, status, what comes next, and the end of a pause of a reminder that was active."""
    try:
        coming = next_when_active(row, work.now, zones)
    except Exception as error:  # noqa: BLE001  one reminder that cannot be planned must not keep the others away
        log.error("reminder.poisoned", reminder_id=str(row.id), error=type(error).__name__, at=frames(error))
        stands = (row.next_run_at, row.next_local, row.next_zone, row.planned_from)
        return (row.id, "paused", *stands, ceil_second(work.now + POISONED))
    status = "active" if coming.next_run_at is not None else "completed"
    return (row.id, status, *_columns(coming), None)


def _columns(coming: Next) -> tuple[Any, ...]:
    return (coming.next_run_at, coming.next_local, coming.next_zone, coming.planned_from)
