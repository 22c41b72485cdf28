"""Many reminders created together, or none: in a handful of statements, however many there are."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.work import Work
from crud import access, audiences, holidays, planning, quotas, recipients
from crud.access import Actor
from crud.bulk_plans import Key, Planned, begin_all, check_lists, plan_all, refuse, unknown
from crud.claim_plan import columns
from crud.reminders import GIVEN, MAY_WRITE, Created, KeyTaken
from schemas.reminders import ReminderCreate

# In the order of their keys, so that two requests which share some do not wait for each other crosswise.
_CREATE = f"""
insert into reminders (team_id, created_by, {", ".join(GIVEN)})
select m.team_id, m.user_id, {", ".join(f"x.{name}" for name in GIVEN)}
  from memberships m
 cross join json_to_recordset($4::json) as x ({", ".join(f"{name} {kind}" for name, kind in GIVEN.items())})
 where m.user_id = $1 and m.team_id = $2 and m.role = any($3)
 order by x.entity_type, x.entity_id, x.event_type, x.id
    on conflict (team_id, entity_type, entity_id, event_type) where status = 'active' do nothing
returning *
"""  # noqa: S608  the names of our own columns
_ACTIVE = """
select r.* from unnest($2::text[], $3::text[], $4::text[]) as k (entity_type, entity_id, event_type)
  join reminders r on r.team_id = $1 and r.status = 'active' and r.entity_type = k.entity_type
   and r.entity_id = k.entity_id and r.event_type = k.event_type
"""
_BEGIN = """
update reminders r
   set next_run_at = u.next_run_at, next_local = u.next_local, next_zone = u.next_zone, planned_from = u.planned_from
  from unnest($2::uuid[], $3::timestamptz[], $4::timestamp[], $5::text[], $6::timestamptz[])
    as u (id, next_run_at, next_local, next_zone, planned_from)
 where r.team_id = $1 and r.id = u.id
returning r.*
"""


async def create(
    work: Work, actor: Actor, team_id: UUID, wanted: Sequence[ReminderCreate], *, own_zone: str | None
) -> list[Created]:
    """Add reminders to a team, all or none, and return them in their order.

    Where one with the same natural key is active, or stands earlier in the list, that one is returned.

    Raises NotFound, RoleTooLow, QuotaReached, KeyTaken, and Invalid with what is wrong with each.
    """
    team = await access.member(work, actor, team_id, "member")
    await _check_audiences(work, actor, team_id, wanted)
    named = sorted({calendar for each in wanted if (calendar := holidays.calendar_of(each.schedule))})
    days_off = {calendar: await holidays.dates_of(work, actor, calendar, team_id) for calendar in named}

    def planned() -> list[Planned]:
        return plan_all(wanted, now=work.now, team_zone=team.timezone, own_zone=own_zone, days_off=days_off)

    plans = await planning.beside(planned, len(wanted))
    made, there = await _written(work, actor, team_id, plans)
    await quotas.check(work, "reminders", team_id, len(made))
    for row in made.values():
        work.wake(row.next_run_at)
        work.note("reminder.created", team_id=team_id, object_type="reminder", object_id=row.id)
    return [_created(each, made, there) for each in plans]


def _created(each: Planned, made: Mapping[UUID, Row[Any]], there: Mapping[Key, Row[Any]]) -> Created:
    if each.id in made:
        return Created(made[each.id]._asdict(), replayed=False)
    return Created(there[each.key]._asdict(), replayed=True)


async def _check_audiences(work: Work, actor: Actor, team_id: UUID, wanted: Sequence[ReminderCreate]) -> None:
    check_lists(wanted)
    users = {user for each in wanted for user in each.audience.users}
    named = {address for each in wanted for address in each.audience.addresses}
    if (users or named) and (absent := await audiences.missing(work, actor, team_id, users, named)):
        refuse(unknown(wanted, absent))


async def _written(
    work: Work, actor: Actor, team_id: UUID, plans: Sequence[Planned]
) -> tuple[dict[UUID, Row[Any]], dict[Key, Row[Any]]]:
    """Write what was planned; return the new reminders by id, and those that stand for a natural key."""
    made: dict[UUID, Row[Any]] = {}
    there: dict[Key, Row[Any]] = {}
    # Of several with one key, the first is it.
    waiting = list({each.key: each for each in reversed(plans)}.values())
    # One that is in the way can end between the two statements; then there is room again.
    for _ in range(3):
        values = json.dumps([each.values for each in waiting])
        rows = (await work.conn.exec_driver_sql(_CREATE, (actor.user_id, team_id, list(MAY_WRITE), values))).all()
        made |= {row.id: row for row in rows}
        waiting = [each for each in waiting if each.id not in made]
        if waiting:
            await access.member(work, actor, team_id, "member")
            keys = columns([each.key for each in waiting], 3)
            rows = (await work.conn.exec_driver_sql(_ACTIVE, (team_id, *keys))).all()
            there |= {(row.entity_type, row.entity_id, row.event_type): row for row in rows}
            waiting = [each for each in waiting if each.key not in there]
        if not waiting:
            made |= await _begun(work, team_id, [each for each in plans if each.is_local and each.id in made], made)
            return made, there | {each.key: made[each.id] for each in plans if each.id in made}
    raise KeyTaken


async def _begun(
    work: Work, team_id: UUID, plans: Sequence[Planned], made: Mapping[UUID, Row[Any]]
) -> dict[UUID, Row[Any]]:
    """Plan those on everybody's own clock, which takes the zones of their audiences."""
    if not plans:
        return {}
    await recipients.hold_team(work, team_id)
    zones = await recipients.zones_of(work, [made[each.id] for each in plans])
    coming = await planning.beside(lambda: begin_all(plans, zones, work.now), len(plans))
    rows = await work.conn.exec_driver_sql(_BEGIN, (team_id, *columns(coming, 5)))
    return {row.id: row for row in rows}
