"""Who stands in for somebody who leaves: open occurrences that only they were asked about, and audiences of them alone.

By the rule of the team, `on_leave`, that is the creator of the reminder, or the owners; and the owners, where the
creator is not there or cannot be reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from core.work import Work
from crud.fan_out import STAND_IN, reachable

log = structlog.get_logger()

# Reminders are locked before what hangs on them, by everybody and in one order.
_HOLD = """
with theirs as (select coalesce(array_agg(id), '{}') as ids from addresses where user_id = $2),
concerned as (
    select o.reminder_id from deliveries d
      join occurrences o on o.team_id = d.team_id and o.id = d.occurrence_id
     where d.team_id = $1 and d.user_id = $2
       and (o.status = 'open' or d.status in ('pending', 'sending', 'blocked', 'quarantined'))
)
select from reminders r, theirs
 where r.team_id = $1
   and ($2 = any(r.audience_user_ids) or r.audience_address_ids && theirs.ids or r.next_local is not null
        or (r.audience_kind = 'creator' and r.created_by = $2) or r.id in (select reminder_id from concerned))
 order by r.id for update of r
"""
# Somebody else is asked who has a delivery that arrived or may still arrive, and is still there; a team's own address
# always is. Where nothing is to be acknowledged, nothing is open for whoever has had it.
_LEFT_ALONE = """
select o.id
  from occurrences o
  join reminders r on r.team_id = o.team_id and r.id = o.reminder_id and r.status <> 'deleted'
 where o.team_id = $1 and o.status = 'open'
   and exists (select from deliveries d where d.team_id = o.team_id and d.occurrence_id = o.id and d.user_id = $2
                  and d.status <> 'suppressed'
                  and (r.completion is not null or (d.status = 'cancelled' and d.reason = $3)
                       or (d.status = 'sending' and d.cancel_reason = $3)))
   and not exists (
       select from deliveries d
         left join memberships m on m.team_id = d.team_id and m.user_id = d.user_id
         left join users u on u.id = m.user_id and u.status = 'active'
        where d.team_id = o.team_id and d.occurrence_id = o.id and d.user_id is distinct from $2
          and d.status in ('pending', 'sending', 'blocked', 'quarantined', 'delivered', 'confirmed')
          and (d.user_id is null or u.id is not null))
 order by o.id
   for update of o
"""
# What waited for a later hour waits for it with them as well.
_ASK = f"""
with opened as (
    select o.team_id, o.id, o.reminder_id,
           greatest(now(), (select min(d.deliver_at) from deliveries d
                             where d.team_id = o.team_id and d.occurrence_id = o.id and d.user_id = $2
                               and d.status = 'cancelled' and d.reason = $4)) as scheduled_for
      from occurrences o where o.team_id = $1 and o.id = any($3::uuid[])
),
audience as (
    select o.team_id, o.id as occurrence_id, o.scheduled_for, r.created_by, '{{}}'::text[] as channels,
           case when t.on_leave = 'creator' and r.created_by <> $2 and {reachable("r.created_by")}
                then 'creator' else 'roles' end as audience_kind,
           '{{}}'::uuid[] as audience_user_ids, '{{owner}}'::text[] as audience_roles,
           '{{}}'::uuid[] as audience_address_ids
      from opened o
      join reminders r on r.team_id = o.team_id and r.id = o.reminder_id
      join teams t on t.id = o.team_id
),
{STAND_IN}
select occurrence_id, channel from written where status = 'pending'
"""  # noqa: S608  put together from constants
_CLOSE = """
update occurrences set status = 'closed', reason = 'no_recipient', updated_at = now(), version = version + 1
 where team_id = $1 and id = any($2::uuid[])
"""
# One statement, in which the rows are locked in one order; `alone` says that nobody else is named.
_UNNAME = """
with theirs as (select coalesce(array_agg(id), '{}') as ids from addresses where user_id = $2),
named as (
    select r.team_id, r.id from reminders r, theirs
     where r.team_id = $1 and ($2 = any(r.audience_user_ids) or r.audience_address_ids && theirs.ids
                               or (r.audience_kind = 'creator' and r.created_by = $2))
     order by r.id for update of r
),
rest as (
    select r.team_id, r.id, array_remove(r.audience_user_ids, $2) as users,
           array(select a from unnest(r.audience_address_ids) with ordinality as n (a, place)
                  where a <> all(theirs.ids) order by place) as addresses
      from reminders r join named n on n.team_id = r.team_id and n.id = r.id, theirs
),
judged as (
    select e.*, case r.audience_kind when 'users' then e.users = '{}' when 'addresses' then e.addresses = '{}'
                                     when 'creator' then r.created_by = $2 else false end as alone,
           t.on_leave = 'creator' and r.created_by <> $2 and exists (
               select from memberships m where m.team_id = r.team_id and m.user_id = r.created_by) as to_creator
      from rest e join reminders r on r.team_id = e.team_id and r.id = e.id join teams t on t.id = e.team_id
)
update reminders r
   set audience_user_ids = j.users, audience_address_ids = j.addresses,
       audience_kind = case when not j.alone then r.audience_kind when j.to_creator then 'creator' else 'roles' end,
       audience_roles = case when j.alone and not j.to_creator then '{owner}' else r.audience_roles end,
       version = r.version + 1, updated_at = now()
  from judged j where r.team_id = j.team_id and r.id = j.id
"""


@dataclass(frozen=True, slots=True)
class Reassigned:
    """How many open occurrences have somebody else now, and how many have nobody and are closed."""

    occurrences: int = 0
    unreached: int = 0


async def hold(work: Work, team_id: UUID, user_id: UUID) -> None:
    """Lock the reminders of a held team that a person has to do with, before anything is taken from them."""
    await work.conn.exec_driver_sql(_HOLD, (team_id, user_id))


async def unname(work: Work, team_id: UUID, user_id: UUID) -> int:
    """Take a person who is no member any more, and their addresses, out of all audiences; return of how many.

    What named nobody else falls to whom the rule of the team says.
    """
    return (await work.conn.exec_driver_sql(_UNNAME, (team_id, user_id))).rowcount


async def ask(work: Work, team_id: UUID, user_id: UUID, reason: str) -> Reassigned:
    """Ask others about what only this person was asked, whose waiting deliveries have just been cancelled.

    `reason` is that of the cancelled deliveries.
    """
    found = await work.conn.exec_driver_sql(_LEFT_ALONE, (team_id, user_id, reason))
    alone: Sequence[UUID] = found.scalars().all()
    if not alone:
        return Reassigned()
    written: Sequence[Any] = (await work.conn.exec_driver_sql(_ASK, (team_id, user_id, alone, reason))).all()
    work.hint(row.channel for row in written)
    unreached = sorted(set(alone) - {row.occurrence_id for row in written})
    if unreached:
        await work.conn.exec_driver_sql(_CLOSE, (team_id, unreached))
        log.warning("occurrence.no_recipient", occurrences=len(unreached))
    return Reassigned(len(alone) - len(unreached), len(unreached))
