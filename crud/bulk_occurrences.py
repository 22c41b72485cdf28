"""Occurrences of many reminders skipped or acknowledged together; for one alone see `crud/occurrences.py`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.clock import SECOND
from core.work import Work
from crud import deliveries
from crud.claim_plan import columns
from crud.local_claim import taken_seconds

_SKIP = """
insert into occurrences (team_id, reminder_id, scheduled_for, reminder_version, status, scheduled_local)
select r.team_id, r.id, u.at, r.version, 'skipped', u.local
  from unnest($2::uuid[], $3::timestamptz[], $4::timestamp[]) as u (id, at, local)
  join reminders r on r.team_id = $1 and r.id = u.id
    on conflict do nothing
"""
_ACKNOWLEDGE = """
update occurrences set status = 'acknowledged', reason = null, acknowledged_by = $3, acknowledged_at = $5,
       acknowledged_via = 'api', acknowledge_note = $4, updated_at = $5, version = version + 1
 where team_id = $1 and status = 'open' and reminder_id = any($2::uuid[])
returning id
"""
_IDLE = """
select u.id from unnest($2::uuid[]) as u (id)
 where not exists (select from occurrences o
                    where o.team_id = $1 and o.reminder_id = u.id and o.status = 'acknowledged')
"""


async def skip(work: Work, team_id: UUID, rows: Sequence[Row[Any]]) -> None:
    """Write down that the next occurrences of locked reminders are skipped; the caller moves `next_run_at`."""
    taken = await taken_seconds(work, [row for row in rows if row.next_local is not None])
    skipped = []
    for row in rows:
        at = row.next_run_at
        while row.next_local is not None and at in taken.get(row.id, ()):
            at += SECOND
        skipped.append((row.id, at, row.next_local))
    await work.conn.exec_driver_sql(_SKIP, (team_id, *columns(skipped, 3)))


async def acknowledge(work: Work, team_id: UUID, ids: Sequence[UUID], *, by: UUID, note: str | None) -> list[UUID]:
    """Say that all is done which locked reminders have fired, and return those of which nothing has.

    What waits to be sent is cancelled in the same transaction.
    """
    ids = list(ids)
    done = (await work.conn.exec_driver_sql(_ACKNOWLEDGE, (team_id, ids, by, note, work.now))).scalars().all()
    if done:
        await deliveries.cancel_of_occurrences(work, team_id, done, "acknowledged")
    return list((await work.conn.exec_driver_sql(_IDLE, (team_id, ids))).scalars())
