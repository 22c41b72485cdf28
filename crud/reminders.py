"""Reminders: create, find, change. What pauses, skips and ends them is in `crud/lifecycle.py`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select

from core.errors import Conflict
from core.ids import uuid7
from core.work import Work
from crud import access, audiences, holidays, planning, quotas, recipients
from crud.access import Actor
from models import memberships, reminders, teams
from models.membership import ROLES
from schedules import plan
from schedules.everywhere import is_everybodys
from schemas.reminders import Audience, ReminderCreate
from schemas.schedule import ScheduleIn

KEY = (reminders.c.entity_type, reminders.c.entity_id, reminders.c.event_type)
MAY_WRITE = ROLES[: ROLES.index("member") + 1]

# The columns that a new reminder is given, with the types that PostgreSQL could not guess from a SELECT list.
GIVEN = {
    "id": "uuid", "message": "text", "notes": "text", "schedule": "jsonb", "audience_kind": "text",
    "audience_user_ids": "uuid[]", "audience_roles": "text[]", "audience_address_ids": "uuid[]", "channels": "text[]",
    "entity_type": "text", "entity_id": "text", "event_type": "text", "completion": "text", "catch_up": "text",
    "max_lateness": "interval", "created_via": "text", "next_run_at": "timestamptz",
}  # fmt: skip
# One statement asks whether one may, writes, notes it in the audit log, and reads what PostgreSQL added. It runs as it
# is written: this is the hot path. The condition of the conflict is spelled out, because a partial index is found by
# constants only.
_CREATE = f"""
with made as (
  insert into reminders (team_id, created_by, {", ".join(GIVEN)})
  select m.team_id, m.user_id, {", ".join(f"${n}::{kind}" for n, kind in enumerate(GIVEN.values(), 6))}
    from memberships m
   where m.user_id = $1 and m.team_id = coalesce($2, (select t.id from teams t where t.personal_of = $1))
     and m.role = any($3)
      on conflict (team_id, entity_type, entity_id, event_type) where status = 'active' do nothing
  returning *
), noted as (
  insert into audit_log (team_id, user_id, key_id, action, object_type, object_id, request_id)
  select team_id, created_by, $4::uuid, 'reminder.created', 'reminder', id, $5::text from made
)
select * from made
"""


class KeyTaken(Conflict):
    """Another reminder with this entity type, entity id and event type is active."""

    code = "already_active"


@dataclass(frozen=True, slots=True)
class Created:
    """A reminder, and whether it was there before, under the same natural key."""

    row: Mapping[str, Any]
    replayed: bool


def audience_columns(audience: Audience) -> dict[str, Any]:
    """Return an audience as columns."""
    return {
        "audience_kind": audience.kind,
        "audience_user_ids": audience.users,
        "audience_roles": audience.roles,
        "audience_address_ids": audience.addresses,
    }


def values_of(wanted: ReminderCreate, stored: dict[str, Any], next_run_at: datetime | None) -> tuple[Any, ...]:
    """Return what GIVEN names, in its order."""
    audience = wanted.audience
    return (
        uuid7(), wanted.message, wanted.notes, json.dumps(stored), audience.kind, audience.users, audience.roles,
        audience.addresses, wanted.channels, wanted.entity_type, wanted.entity_id, wanted.event_type,
        wanted.completion, wanted.catch_up, wanted.max_lateness, wanted.created_via, next_run_at,
    )  # fmt: skip


async def zone(work: Work, actor: Actor, team_id: UUID | None, schedule: ScheduleIn, own: str | None) -> str:
    """Return the zone of a schedule that names none: for wall-clock rules the team's, for others only to show.

    What runs by elapsed time or at one instant is not worth a statement: there the author's own zone will do.
    """
    if schedule.kind != "cron" or schedule.timezone is not None:
        return own or "UTC"
    team_id = team_id or actor.team_id
    which = teams.c.id == team_id if team_id else teams.c.personal_of == actor.user_id
    mine = select(teams.c.timezone).join(memberships, memberships.c.team_id == teams.c.id).where(actor.belongs, which)
    return (await work.conn.execute(mine)).scalar_one_or_none() or "UTC"


async def create(
    work: Work, actor: Actor, team_id: UUID | None, wanted: ReminderCreate, *, own_zone: str | None
) -> Created:
    """Add a reminder to a team, or find the active one with the same natural key.

    Without `team_id` it is the team of the API key, else the personal one.

    Raises NotFound, RoleTooLow, UnknownRecipient, ScheduleError, QuotaReached.
    """
    if wanted.audience.users or wanted.audience.addresses:
        team_id = team_id or await _home(work, actor)
        # First, because what is said of an audience tells who belongs to the team.
        await access.member(work, actor, team_id, "member")
        await audiences.check(work, actor, team_id, wanted.audience)
    else:
        audiences.check_lists(wanted.audience)
    timezone = await zone(work, actor, team_id, wanted.schedule, own_zone)
    days_off = await holidays.dates_for(work, actor, wanted.schedule, team_id)
    stored = await planning.saved(wanted.schedule.spec(), now=work.now, timezone=timezone, holiday_dates=days_off)
    first = None if is_everybodys(stored) else plan.load(stored).first(work.now)
    if actor.team_id is not None:
        team_id = team_id or actor.team_id
        if team_id != actor.team_id or actor.ceiling not in MAY_WRITE:
            # The statement knows people only; this knows what bounds a key, and refuses.
            await access.member(work, actor, team_id, "member")
    if team_id is not None and not actor.proven:
        await access.member(work, actor, team_id, "member")
    asked = (actor.user_id, team_id, MAY_WRITE, work.who.key_id, work.who.request_id)
    values = (*asked, *values_of(wanted, stored, first.at if first else None))
    # The one that is in the way can end between the two statements; then there is room again.
    for _ in range(3):
        row = await work.one(_CREATE, *values)
        if row is not None:
            await quotas.check(work, "reminders", row["team_id"])
            if is_everybodys(stored):
                row = (await recipients.begin(work, row["team_id"], row["id"]))._asdict()
            work.wake(row["next_run_at"])
            return Created(row, replayed=False)
        team_id = team_id or await _home(work, actor)
        await access.member(work, actor, team_id, "member")
        there = await _active(work, team_id, wanted)
        if there is not None:
            return Created(there._asdict(), replayed=True)
    raise KeyTaken


async def _active(work: Work, team_id: UUID, wanted: ReminderCreate) -> Row[Any] | None:
    key = (wanted.entity_type, wanted.entity_id, wanted.event_type)
    same = and_(*(column == value for column, value in zip(KEY, key, strict=True)))
    statement = select(reminders).where(reminders.c.team_id == team_id, reminders.c.status == "active", same)
    return (await work.conn.execute(statement)).one_or_none()


async def _home(work: Work, actor: Actor) -> UUID:
    """Return the team of what names none: that of the API key, else the personal one."""
    if actor.team_id is not None:
        return actor.team_id
    statement = select(teams.c.id).where(teams.c.personal_of == actor.user_id)
    team_id: UUID = (await work.conn.execute(statement)).scalar_one()
    return team_id


async def get(work: Work, actor: Actor, reminder_id: UUID) -> Row[Any]:
    """Return a reminder of one of the person's teams; raises NotFound, also for a deleted one."""
    statement = access.mine(reminders, actor).where(reminders.c.id == reminder_id, reminders.c.status != "deleted")
    return await access.found(work, statement, what="reminder")


async def locked(work: Work, actor: Actor, reminder_id: UUID, *, deleted: bool = False) -> Row[Any]:
    """Lock a reminder that the person may change, against claims and other changes, and return it.

    `deleted` takes a deleted one as well. Raises NotFound or RoleTooLow.
    """
    statement = access.mine(reminders, actor).where(reminders.c.id == reminder_id)
    if not deleted:
        statement = statement.where(reminders.c.status != "deleted")
    return await access.found(work, statement.with_for_update(of=reminders), what="reminder", at_least="member")
