"""What a sweep asks and mends: is anything due, whose pause is over, which seconds need an alarm."""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import ceil_second
from core.logs import frames
from core.work import Work
from crud import recipients
from crud.claim_plan import POISONED, columns
from crud.lifecycle import next_when_active
from crud.recipients import Next, Zones

log = structlog.get_logger()

ARM_AHEAD = timedelta(seconds=60)

# What only waits for later must not be walked through: each question is the edge of a partial index.
_PROBE = """
select exists (select from reminders where status = 'active' and next_run_at <= now()) as due,
       exists (select from reminders where status = 'paused' and paused_until <= now()) as resumable,
       exists (select from deliveries where status = 'sending' and lease_until < now()) as lost,
       case when exists (select from deliveries where status = 'pending' and deliver_at <= now())
            then array(select c from unnest($1::text[]) as c
                        where exists (select from deliveries d where d.channel = c
                                         and d.status = 'pending' and d.deliver_at <= now()))
            else '{}' end
            || case when exists (select from letters where ended_at is null and deliver_at <= now())
                    then array['letters'] else '{}' end as channels,
       extract(epoch from least((select min(next_run_at) from reminders where status = 'active'),
                                (select min(deliver_at) from deliveries
                                  where status = 'pending' and deliver_at > now()),
                                (select min(deliver_at) from letters
                                  where ended_at is null and deliver_at > now())) - clock_timestamp())::float8
           as next_due
"""
_SECONDS = """
select distinct next_run_at from reminders
 where status = 'active' and next_run_at > now() and next_run_at <= now() + $1
"""
_RESUMABLE = """
select r.team_id, r.id, r.schedule, r.next_run_at, r.next_local, r.next_zone, r.planned_from,
       r.entity_type, r.entity_id, r.event_type,
       exists (select from reminders o where o.status = 'active' and o.team_id = r.team_id
                  and o.entity_type = r.entity_type and o.entity_id = r.entity_id
                  and o.event_type = r.event_type) as taken
  from reminders r
 where r.status = 'paused' and r.paused_until <= now() order by r.paused_until limit $1 for update skip locked
"""
_RESUME = """
update reminders r
   set status = u.status, next_run_at = u.next_run_at, next_local = u.next_local, next_zone = u.next_zone,
       planned_from = u.planned_from, paused_until = u.paused_until, pause_reason = u.reason
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamp[], $6::text[], $7::timestamptz[],
              $8::timestamptz[], $9::text[])
    as u (team_id, id, status, next_run_at, next_local, next_zone, planned_from, paused_until, reason)
 where r.team_id = u.team_id and r.id = u.id
"""
_BEAT = """
insert into workers (id, kind, host, started_at, seen_at, swept_at) values ($1, $2, $3, now(), now(), now())
    on conflict (id) do update set seen_at = now(), swept_at = now()
"""
_FORGET_WORKERS = "delete from workers where seen_at < now() - interval '1 day'"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a look at the database found to do."""

    due: bool
    resumable: bool
    lost: bool
    channels: frozenset[str]
    """Who has something to send; `letters` stands for the mails about accounts."""
    next_due: float | None
    """Seconds until something is due next; None when nothing is to come, or a reminder is due now."""


async def probe(conn: AsyncConnection, channels: Collection[str]) -> Probe:
    """Ask whether anything is due; some index edges, well under a millisecond."""
    row = (await conn.exec_driver_sql(_PROBE, (list(channels),))).one()
    later = row.next_due if row.next_due is not None and row.next_due > 0 else None
    return Probe(row.due, row.resumable, row.lost, frozenset(row.channels), later)


async def seconds_ahead(work: Work) -> list[datetime]:
    """Return the due seconds of the next minute, for which an emptied Redis needs its alarms again."""
    return list((await work.conn.exec_driver_sql(_SECONDS, (ARM_AHEAD,))).scalars())


@dataclass(frozen=True, slots=True)
class _Resumed:
    """What becomes of a reminder whose pause is over."""

    status: str
    coming: Next
    paused_until: datetime | None = None
    reason: str | None = None


def _resumed(row: Row[Any], now: datetime, zones: Zones, *, taken: bool) -> _Resumed:
    stands = Next(row.next_run_at, row.next_local, row.next_zone, row.planned_from)
    if taken:
        reason = "another one with the same entity and event is active"
        return _Resumed("paused", stands, reason=reason)
    try:
        coming = next_when_active(row, now, zones)
    except Exception as error:  # noqa: BLE001  one reminder that cannot be planned must not stop the others
        log.error("reminder.poisoned", reminder_id=str(row.id), error=type(error).__name__, at=frames(error))
        return _Resumed("paused", stands, ceil_second(now + POISONED))
    return _Resumed("active" if coming.next_run_at else "completed", coming)


async def resume_paused(work: Work, limit: int = 500) -> int:
    """Resume reminders whose pause is over, and return how many.

    One whose natural key another active reminder has taken stays paused and says why.
    """
    rows = (await work.conn.exec_driver_sql(_RESUMABLE, (limit,))).all()
    if not rows:
        return 0
    zones = await recipients.zones_of(work, recipients.local(*rows))
    resumed, keys = [], set()
    for row in rows:
        key = (row.team_id, row.entity_type, row.entity_id, row.event_type)
        each = _resumed(row, work.now, zones, taken=row.taken or key in keys)
        if each.status == "active":
            work.wake(each.coming.next_run_at)
            # Two of one key may end their pauses together; a null in it never collides.
            keys |= {key} if None not in key else set()
        ends = (each.paused_until, each.reason)
        resumed.append((row.team_id, row.id, each.status, *astuple(each.coming), *ends))
    await work.conn.exec_driver_sql(_RESUME, tuple(columns(resumed, 9)))
    return len(rows)


async def beat(conn: AsyncConnection, worker_id: UUID, kind: str, host: str) -> None:
    """Record that a process is alive and sweeping, and forget those that have been gone for a day."""
    await conn.exec_driver_sql(_BEAT, (worker_id, kind, host))
    await conn.exec_driver_sql(_FORGET_WORKERS)
