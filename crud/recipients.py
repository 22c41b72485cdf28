"""Reminders on everybody's own clock: whose zones count, and what happens when a clock changes.

The rows of such reminders are the lock: a claim holds them while it reads zones and writes deliveries, and whoever
changes a zone or a membership locks all of a team before the change commits, so that one sees what the other did.
A reminder that is only coming into being cannot be locked by others; it holds its team instead.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from core.clock import ceil_second
from core.work import Work
from crud import planning
from crud.access import Actor, belongs
from crud.claim_plan import columns
from crud.fan_out_local import ZONES
from models import memberships, reminders, teams
from schedules.base import ScheduleError, Stored
from schedules.everywhere import Everywhere, Opening, is_everybodys
from schedules.schedule import GRACE

Zones = Mapping[UUID, Collection[str]]
"""By reminder: the zones of its audience, and that of its team where it reaches nobody."""

_LOCK_TEAMS = "select id from teams where id = any($1::uuid[]) order by id for no key update"
_LOCK = """
select r.team_id, r.id, r.schedule, r.status, r.next_local, r.planned_from from reminders r
 where r.team_id = any($1::uuid[]) and r.next_local is not null and r.status in ('active', 'paused', 'deleted')
 order by r.team_id, r.id for update
"""
_REPLAN = """
update reminders r
   set next_run_at = u.next_run_at, next_local = u.next_local, next_zone = u.next_zone,
       status = case when u.next_run_at is null and r.status = 'active' then 'completed' else r.status end
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamp[], $5::text[])
    as u (team_id, id, next_run_at, next_local, next_zone)
 where r.team_id = u.team_id and r.id = u.id
"""
# What has been tried is due already, and goes on as it is.
_WAITING = """
select d.team_id, d.id, d.seq, o.scheduled_local, r.schedule, coalesce(u.timezone, t.timezone) as timezone
  from deliveries d
  join occurrences o on o.team_id = d.team_id and o.id = d.occurrence_id and o.scheduled_local is not null
  join reminders r on r.team_id = o.team_id and r.id = o.reminder_id
  join teams t on t.id = d.team_id
  left join users u on u.id = d.user_id
 where d.team_id = any($1::uuid[]) and d.status = 'pending' and d.timezone is not null
   and d.kind = 'first' and d.attempt_count = 0 and ($2::uuid is null or d.user_id = $2 or d.user_id is null)
   and ($3 or d.timezone <> coalesce(u.timezone, t.timezone))
"""
_MOVE = """
update deliveries d
   set timezone = u.timezone, due_at = coalesce(u.due_at, d.due_at),
       status = case when u.due_at is null then 'suppressed' else d.status end,
       reason = case when u.due_at is null then 'no_such_local_time' end,
       deliver_at = greatest(coalesce(u.due_at, d.deliver_at), a.next_allowed_at),
       give_up_at = greatest(d.give_up_at, u.due_at + interval '7 days')
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) as u (team_id, id, timezone, due_at)
  join deliveries w on w.team_id = u.team_id and w.id = u.id
  join addresses a on a.id = w.address_id
 where d.team_id = u.team_id and d.id = u.id and d.status = 'pending' and d.attempt_count = 0
returning d.channel
"""


@dataclass(frozen=True, slots=True)
class Next:
    """What a reminder holds about what comes next; all but the instant only on everybody's own clock."""

    next_run_at: datetime | None
    next_local: datetime | None = None
    next_zone: str | None = None
    planned_from: datetime | None = None

    @classmethod
    def of(cls, opening: Opening | None, since: datetime | None) -> "Next":
        """Return the columns of an opening; None: nothing is to come."""
        return cls(opening.at, opening.local, opening.zone, since) if opening else cls(None, planned_from=since)


async def zones_of(work: Work, rows: Iterable[Row[Any]]) -> Zones:
    """Return the zones of each of these reminders (rows with `team_id` and `id`): one statement, none where none is."""
    keys = [(row.team_id, row.id) for row in rows]
    if not keys:
        return {}
    found: dict[UUID, set[str]] = {reminder_id: set() for _, reminder_id in keys}
    of_teams: dict[UUID, str] = {}
    for row in await work.conn.exec_driver_sql(ZONES, tuple(columns(keys, 2))):
        if row.of_team:
            of_teams[row.id] = row.timezone
        else:
            found[row.id].add(row.timezone)
    return {reminder_id: zones or {of_teams[reminder_id]} for reminder_id, zones in found.items()}


async def hold_team(work: Work, team_id: UUID) -> None:
    """Keep the clocks of a team as they are until the commit, for a reminder that is new to them."""
    await work.conn.execute(select(teams.c.id).where(teams.c.id == team_id).with_for_update(read=True))


async def hold_team_of(work: Work, actor: Actor, reminder_id: UUID) -> None:
    """Do what `hold_team` does for the team of a reminder, if it is one of the actor's; before that is locked."""
    of = select(reminders.c.team_id).join(memberships, belongs(reminders, actor)).where(reminders.c.id == reminder_id)
    team = select(teams.c.id).where(teams.c.id.in_(of))
    await work.conn.execute(team.with_for_update(read=True))


def begins(stored: Stored, zones: Collection[str], now: datetime) -> Next:
    """Return with what a schedule begins that is saved now; raises ScheduleError if it is over everywhere.

    What somebody has behind them is not sent to them, except a `once`: late is better than never.
    """
    since = None if stored["kind"] == "once" else now
    opening = Everywhere(stored, zones, since).coming()
    ahead = opening if since else Everywhere(stored, zones, now - GRACE).coming()
    if opening is None or ahead is None:
        field = "schedule.at" if stored["kind"] == "once" else "schedule.kind"
        message = "its last occurrence has passed for everybody whom it names; choose a later one"
        raise ScheduleError(message, field=field, code="in_the_past")
    return Next.of(opening, since)


async def begin(work: Work, team_id: UUID, reminder_id: UUID) -> Row[Any]:
    """Plan a reminder on everybody's own clock that was just written, and return it. Raises ScheduleError."""
    await hold_team(work, team_id)
    key = (reminders.c.team_id == team_id) & (reminders.c.id == reminder_id)
    row = (await work.conn.execute(select(reminders).where(key))).one()
    coming = begins(row.schedule, (await zones_of(work, [row]))[row.id], work.now)
    planned = update(reminders).where(key).values(values(coming)).returning(reminders)
    begun: Row[Any] = (await work.conn.execute(planned)).one()
    return begun


def values(coming: Next) -> dict[str, Any]:
    """Return the columns of a reminder that say what comes next."""
    return {name: getattr(coming, name) for name in ("next_run_at", "next_local", "next_zone", "planned_from")}


def local(*rows: Row[Any]) -> list[Row[Any]]:
    """Return those of some reminders that are on everybody's own clock."""
    return [row for row in rows if is_everybodys(row.schedule)]


def after_next(row: Row[Any], zones: Zones) -> Next:
    """Return what follows for a reminder whose next occurrence is left out."""
    everywhere = Everywhere(row.schedule, zones[row.id], row.planned_from)
    following = everywhere.next(row.next_local) if row.next_local else None
    return Next.of(everywhere.coming(following) if following else None, row.planned_from)


def goes_on(row: Row[Any], zones: Collection[str], since: datetime | None, least: datetime | None) -> Next:
    """Return what follows for a reminder from a local time on, leaving out what is past for everybody at `since`."""
    return Next.of(Everywhere(row.schedule, zones, since).coming(least), since)


async def clocks_changed(
    work: Work, team_ids: Collection[UUID], *, user_id: UUID | None = None, everything: bool = False
) -> None:
    """Plan anew after somebody changed zone, came or left, or a team changed zone.

    Call it after the change, in its transaction. What waits for a changed clock (with `user_id` only that person's,
    and the teams' own) gets its new instant, and is due at once where that has passed; what was sent stays.
    `everything` looks at clocks that seem unchanged as well, for new zone data.
    """
    ids = sorted(team_ids)
    await work.conn.exec_driver_sql(_LOCK_TEAMS, (ids,))
    rows = (await work.conn.exec_driver_sql(_LOCK, (ids,))).all()
    if rows:
        await replan(work, rows)
    await move_waiting(work, ids, user_id=user_id, everything=everything)


async def move_waiting(
    work: Work, team_ids: Collection[UUID], *, user_id: UUID | None = None, everything: bool = False
) -> None:
    """Give what waits for another clock than its recipient's its new instant."""
    waiting = (await work.conn.exec_driver_sql(_WAITING, (list(team_ids), user_id, everything))).all()
    if waiting:

        def moved() -> list[tuple[object, ...]]:
            return [(row.team_id, row.id, row.timezone, _due(row, work.now)) for row in waiting]

        channels = await work.conn.exec_driver_sql(_MOVE, tuple(columns(await planning.beside(moved, len(waiting)), 4)))
        work.hint(channels.scalars())


async def replan(work: Work, rows: Collection[Row[Any]]) -> None:
    """Compute the next openings of locked reminders on everybody's own clock, and wake for them."""
    zones = await zones_of(work, rows)

    def coming() -> list[Next]:
        return [goes_on(row, zones[row.id], row.planned_from, row.next_local) for row in rows]

    planned = []
    for row, each in zip(rows, await planning.beside(coming, len(rows)), strict=True):
        planned.append((row.team_id, row.id, each.next_run_at, each.next_local, each.next_zone))
        if row.status == "active":
            work.wake(each.next_run_at)
    await work.conn.exec_driver_sql(_REPLAN, tuple(columns(planned, 5)))


def _due(row: Row[Any], now: datetime) -> datetime | None:
    """Return when a waiting delivery is due by its new zone; None where its local time does not exist there."""
    due = Everywhere(row.schedule, [row.timezone]).all_due(row.scheduled_local, row.timezone)[row.seq - 1 :]
    # What has passed became due with the change of zone: nobody was late before.
    return max(due[0], ceil_second(now)) if due else None
