"""Sending: deliveries claimed fairly under a lease, and what came of them written back in batches.

Every function is one statement and so one transaction; call them on a connection in autocommit mode.
Dueness and leases are reckoned by PostgreSQL's clock.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from crud.claim_plan import columns

LEASE = timedelta(seconds=25)
DEADLINE = timedelta(seconds=15)
# As often may processes die with a delivery in hand before a person has to look at it.
MOST_DEATHS = 3

_DUE = "d.channel = $1 and d.status = 'pending' and d.deliver_at <= now()"
# A loose scan finds the teams that have something due, going round from the cursor, each gets its share, and
# one destination that is slow or dead gets few lanes. First come, first served would starve small teams.
# “OFFSET 0” keeps the planner from asking for the next team once for each use of the answer.
_NEXT_TEAM = f"""
coalesce((select d.team_id from deliveries d
           where {_DUE} and d.team_id > %s and d.team_id <> all($6::uuid[]) order by d.team_id limit 1),
         (select d.team_id from deliveries d
           where {_DUE} and d.team_id <> all($6::uuid[]) order by d.team_id limit 1))
"""
_CLAIM = f"""
with recursive waiting (team_id, n, origin) as (
    (select f.team_id, 1, f.team_id from (select {_NEXT_TEAM % "$2"} as team_id offset 0) f where f.team_id is not null)
    union all
    select f.team_id, t.n + 1, t.origin
      from waiting t cross join lateral (select {_NEXT_TEAM % "t.team_id"} as team_id offset 0) f
     where t.n < $3 and f.team_id <> t.origin
),
shares as (
    select team_id, ceil($3::numeric / count(*) over ())::int as share from waiting
),
due as materialized (
    select x.team_id, x.id
      from shares s
     cross join lateral (
        select c.team_id, c.id
          from (select w.*, row_number() over (partition by w.address_id order by w.deliver_at) as place
                  from (select d.team_id, d.id, d.address_id, d.deliver_at from deliveries d
                         where {_DUE} and d.team_id = s.team_id and d.address_id <> all($7::uuid[])
                         order by d.deliver_at limit s.share * 2) w) c
         where c.place <= $8
         order by c.deliver_at limit s.share) x
     limit $3
),
-- Whoever left while a claim was under way could not withdraw what it wrote; so it is looked at again here.
locked as (
    select d.team_id, d.id, a.sealed_value, a.value_hash, a.failures,
           case when a.deleted_at is not null then 'address_removed'
                when a.disabled_reason = 'opted_out' then 'opted_out'
                when a.disabled_at is not null then 'address_disabled'
                when d.user_id is not null then
                    case (select u.status from memberships m join users u on u.id = m.user_id
                           where m.team_id = d.team_id and m.user_id = d.user_id)
                        when 'active' then null when 'deactivated' then 'deactivated' else 'left_team'
                    end
           end as pointless
      from due
     -- One by one and by their keys: with statistics from before a herd the planner would rather compare all that
     -- is due with all that was chosen. “IS TRUE” keeps the second look from being a search of its own.
     cross join lateral (
        select d.* from deliveries d
         where d.team_id = due.team_id and d.id = due.id and (d.status = 'pending' and d.deliver_at <= now()) is true
           for update skip locked) d
      join addresses a on a.id = d.address_id
),
claimed as (
    update deliveries d
       set status = case when l.pointless is null then 'sending' else 'cancelled' end, reason = l.pointless,
           lease_token = case when l.pointless is null then $4::uuid end,
           lease_until = case when l.pointless is null then now() + $5::interval end, started_at = now()
      from locked l where d.team_id = l.team_id and d.id = l.id
    returning d.*, l.sealed_value, l.value_hash, l.failures
)
select c.team_id, c.id, c.kind, c.occurrence_id, c.address_id, c.attempt_count, c.lease_token, c.started_at,
       c.sealed_value, c.value_hash, c.failures, coalesce(c.due_at, o.scheduled_for) as due_at, o.missed,
       o.reason as occurrence_reason,
       r.message, r.notes, r.completion, t.name as team_name, u.locale,
       -- As text, by which its words are remembered; the dates of a team calendar are not said, and may be hundreds.
       case when r.schedule ->> 'kind' <> 'once' then (r.schedule - 'holiday_dates')::text end as rule,
       r.updated_at as rule_since,
       coalesce(c.timezone, u.timezone, nullif(r.schedule ->> 'timezone', 'recipient'), t.timezone) as timezone
  from claimed c
  join occurrences o on o.team_id = c.team_id and o.id = c.occurrence_id
  join reminders r on r.team_id = c.team_id and r.id = o.reminder_id
  join teams t on t.id = c.team_id
  left join users u on u.id = c.user_id
 where c.status = 'sending'
"""

_RECORD = """
with results as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                         $7::interval[], $8::interval[], $9::text[])
        as r (team_id, id, lease_token, outcome, detail, reason, elapsed, retry_in, ref)
),
judged as (
    select r.*,
           case when r.outcome = 'accepted' then 'delivered'
                when r.outcome = 'permanent' then 'dead'
                when d.cancel_reason is not null then 'cancelled'
                when r.outcome = 'blocked' then 'blocked'
                when now() + r.retry_in > d.give_up_at then 'dead'
                else 'pending'
           end as status
      from results r
      join deliveries d on d.team_id = r.team_id and d.id = r.id and d.lease_token = r.lease_token
       for update of d
),
closed as (
    update deliveries d
       set status = j.status,
           reason = case when j.status in ('delivered', 'pending') then null
                         when j.status = 'cancelled' then d.cancel_reason
                         else coalesce(j.reason, 'gave_up') end,
           deliver_at = case when j.status = 'pending' then now() + j.retry_in else d.deliver_at end,
           delivered_at = case when j.status = 'delivered' then d.started_at + j.elapsed end,
           attempt_count = d.attempt_count + 1, last_error = j.detail, provider_ref = j.ref,
           lease_token = null, lease_until = null, cancel_reason = null
      from judged j where d.team_id = j.team_id and d.id = j.id and d.lease_token = j.lease_token
    returning d.team_id, d.id, d.attempt_count, d.started_at, j.outcome, j.detail, j.elapsed
),
written as (
    insert into attempts (team_id, delivery_id, n, outcome, started_at, finished_at, detail)
    select team_id, id, attempt_count, outcome, started_at, started_at + elapsed, detail from closed
)
select id from closed
"""

_RECOVER = """
with lost as (
    select team_id, id from deliveries
     where status = 'sending' and lease_until < now() order by lease_until limit $1 for update skip locked
),
closed as (
    update deliveries d
       set status = case when d.cancel_reason is not null then 'cancelled'
                         when d.deaths + 1 >= $2 then 'quarantined' else 'pending' end,
           reason = case when d.cancel_reason is not null then d.cancel_reason
                         when d.deaths + 1 >= $2 then 'processes_died' end,
           deliver_at = now(), deaths = d.deaths + 1, attempt_count = d.attempt_count + 1,
           last_error = $3, lease_token = null, lease_until = null, cancel_reason = null
      from lost l where d.team_id = l.team_id and d.id = l.id
    returning d.team_id, d.id, d.attempt_count, d.started_at, d.channel
),
written as (
    insert into attempts (team_id, delivery_id, n, outcome, started_at, finished_at, detail)
    select team_id, id, attempt_count, 'unknown', started_at, now(), $3 from closed
)
select channel from closed
"""

_POSTPONE = """
with failed as (select * from unnest($1::uuid[], $2::interval[]) as f (address_id, wait)),
held as (
    update addresses a
       set failures = a.failures + 1, next_allowed_at = greatest(a.next_allowed_at, now() + f.wait)
      from failed f where a.id = f.address_id
    returning a.id, a.next_allowed_at
)
update deliveries d set deliver_at = h.next_allowed_at
  from held h
 where d.address_id = h.id and d.status = 'pending' and d.deliver_at < h.next_allowed_at
"""

_REVIVE = "update addresses set failures = 0, next_allowed_at = null where id = any($1::uuid[]) and failures > 0"

_CLOSE = """
update occurrences o set status = 'closed', updated_at = now()
  from unnest($1::uuid[], $2::uuid[]) as e (team_id, id)
 where o.team_id = e.team_id and o.id = e.id and o.status = 'open'
   and not exists (select from deliveries d where d.team_id = o.team_id and d.occurrence_id = o.id
                      and d.status in ('pending', 'sending', 'blocked', 'quarantined'))
"""


# Whoever ended the last delivery closes the occurrence, but may die in between, and withdrawals close nothing.
_CLOSE_LEFT = """
update occurrences o set status = 'closed', updated_at = now()
 where (o.team_id, o.id) in (
    select w.team_id, w.id from occurrences w
      join reminders r on r.team_id = w.team_id and r.id = w.reminder_id and r.completion is null
     where w.status = 'open'
       and not exists (select from deliveries d where d.team_id = w.team_id and d.occurrence_id = w.id
                          and d.status in ('pending', 'sending', 'blocked', 'quarantined'))
     limit $1 for update of w skip locked)
"""


@dataclass(frozen=True, slots=True)
class Lanes:
    """What a dispatcher can start now, and whom it should leave alone for the moment."""

    free: int
    full_teams: Collection[UUID]
    busy_addresses: Collection[UUID]
    most_per_address: int


@dataclass(frozen=True, slots=True)
class Result:
    """How one attempt ended; `elapsed` is the time since its claim, `retry_in` the least wait."""

    row: Row[Any]
    outcome: str
    detail: str | None = None
    reason: str | None = None
    elapsed: timedelta = timedelta()
    retry_in: timedelta = timedelta()
    ref: str | None = None


async def claim(conn: AsyncConnection, channel: str, lanes: Lanes, *, token: UUID, after: UUID) -> Sequence[Row[Any]]:
    """Lease as many due deliveries of a channel as lanes are free, fairly between the teams after a cursor.

    Each row comes with everything that its message needs. The start of the attempt is on the row before
    any I/O begins.
    """
    teams, addresses = list(lanes.full_teams), list(lanes.busy_addresses)
    values = (channel, after, lanes.free, token, LEASE, teams, addresses, lanes.most_per_address)
    return (await conn.exec_driver_sql(_CLAIM, values)).all()


async def record(conn: AsyncConnection, results: Sequence[Result]) -> set[UUID]:
    """Close the attempts whose lease is still ours and move their deliveries on; return their ids.

    A delivery that is missing in the answer was fenced: somebody else has taken it over.
    """
    rows = [
        (d.team_id, d.id, d.lease_token, r.outcome, r.detail, r.reason, r.elapsed, r.retry_in, _text(r.ref))
        for r, d in ((result, result.row) for result in results)
    ]
    return set((await conn.exec_driver_sql(_RECORD, tuple(columns(rows, 9)))).scalars())


def _text(ref: str | None) -> str | None:
    # The one thing in a result that comes from outside as it is; what PostgreSQL refuses would hold up the others.
    return ref and ref.encode(errors="replace").decode().replace("\0", "")


async def recover(conn: AsyncConnection, limit: int = 500) -> set[str]:
    """Take deliveries back whose lease ran out: the attempt is closed as unknown. Return their channels.

    After three deaths a delivery is quarantined, for a person to look at.
    """
    detail = "the process that was sending it ended or stood still"
    return set((await conn.exec_driver_sql(_RECOVER, (limit, MOST_DEATHS, detail))).scalars())


async def postpone(conn: AsyncConnection, waits: dict[UUID, timedelta]) -> None:
    """Hold everything that waits for some addresses, without using up attempts."""
    # In one order everywhere, so that two dispatchers cannot lock each other out.
    rows = sorted(waits.items())
    await conn.exec_driver_sql(_POSTPONE, tuple(columns(rows, 2)))


async def revive(conn: AsyncConnection, addresses: Collection[UUID]) -> None:
    """Forget the failures of addresses that work again."""
    await conn.exec_driver_sql(_REVIVE, (sorted(addresses),))


async def close_occurrences(conn: AsyncConnection, ended: Collection[tuple[UUID, UUID]]) -> None:
    """Close occurrences that wait for nobody, once all their deliveries have ended."""
    await conn.exec_driver_sql(_CLOSE, tuple(columns(sorted(ended), 2)))


async def close_left(conn: AsyncConnection, limit: int) -> int:
    """Close occurrences that wait for nobody and were left open when a process died; return how many."""
    return (await conn.exec_driver_sql(_CLOSE_LEFT, (limit,))).rowcount
