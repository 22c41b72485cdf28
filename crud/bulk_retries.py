"""Failed deliveries of a team sent again together: what can be, up to a number, the oldest first."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from core.work import Work
from crud import access, history
from crud.access import Actor
from crud.history import Shown
from crud.retries import FAILED, GIVE_UP_AFTER, STANDING
from models.delivery import HELD, WAITING
from schemas.bulk import MOST, BulkRetry

# Those that `crud/retries.py` would send again: the occurrence stands, the address can be used, and no replay of it
# is under way or has arrived.
_RETRYABLE: Final = """
  from deliveries d
  join occurrences o on o.team_id = d.team_id and o.id = d.occurrence_id and o.status = any($2)
  join reminders r on r.team_id = o.team_id and r.id = o.reminder_id and r.status <> 'deleted'
  join addresses a on a.id = d.address_id
   and a.deleted_at is null and a.disabled_at is null and a.verified_at is not null
 where d.team_id = $1 and d.status = any($3)
   and not exists (select from deliveries p
                    where p.team_id = d.team_id and p.occurrence_id = d.occurrence_id and p.channel = d.channel
                      and p.address_id = d.address_id and p.kind = 'replay' and p.id <> d.id and p.status = any($4))
"""
_FIND = f"""
select d.id, d.occurrence_id, o.reminder_id {_RETRYABLE}
   and ($5::text is null or d.channel = $5) and ($6::uuid is null or o.reminder_id = $6)
   and ($7::timestamptz is null or d.created_at >= $7) and ($8::timestamptz is null or d.created_at < $8)
 order by d.created_at, d.id limit $9
"""
# The order of everybody who ends things: reminders, occurrences, deliveries, each by id.
_LOCK_REMINDERS = "select from reminders where team_id = $1 and id = any($2) order by id for update"
_LOCK_OCCURRENCES = "select from occurrences where team_id = $1 and id = any($2) order by id for update"
_LOCK = f"select d.id, d.status {_RETRYABLE} and d.id = any($5) order by d.id for update of d"
_RELEASE = """
update deliveries set status = 'pending', reason = null, deliver_at = $3, give_up_at = $4, deaths = 0,
       version = version + 1
 where team_id = $1 and id = any($2) returning id, channel
"""
# Of several failures to one address in one occurrence, one is sent.
_REPLAY = """
insert into deliveries (team_id, occurrence_id, channel, address_id, user_id, address_team_id, due_at, timezone,
                        kind, seq, status, deliver_at, give_up_at)
select distinct on (d.occurrence_id, d.channel, d.address_id)
       d.team_id, d.occurrence_id, d.channel, d.address_id, d.user_id, d.address_team_id, d.due_at, d.timezone,
       'replay', 1 + (select coalesce(max(p.seq), 0) from deliveries p
                       where p.team_id = d.team_id and p.occurrence_id = d.occurrence_id and p.channel = d.channel
                         and p.address_id = d.address_id and p.kind = 'replay'),
       'pending', $3, $4
  from deliveries d where d.team_id = $1 and d.id = any($2)
 order by d.occurrence_id, d.channel, d.address_id, d.created_at
returning id, channel
"""


async def retry(work: Work, actor: Actor, team_id: UUID, wanted: BulkRetry) -> tuple[list[Shown], bool]:
    """Send failed deliveries of a team again; return those that are under way now, and whether there are more.

    Raises NotFound, RoleTooLow.
    """
    await access.member(work, actor, team_id, "member")
    bounds = (wanted.channel, wanted.reminder_id, wanted.created_after, wanted.created_before)
    statuses: Sequence[str] = wanted.statuses or (*FAILED, *HELD)
    standing = (team_id, list(STANDING), list(statuses), [*WAITING, *HELD, "delivered", "confirmed"])
    found = (await work.conn.exec_driver_sql(_FIND, (*standing, *bounds, MOST + 1))).all()
    more, found = len(found) > MOST, found[:MOST]
    for statement, ids in (
        (_LOCK_REMINDERS, {row.reminder_id for row in found}),
        (_LOCK_OCCURRENCES, {row.occurrence_id for row in found}),
    ):
        await work.conn.exec_driver_sql(statement, (team_id, list(ids)))
    # Looked at again under the locks: what was acknowledged meanwhile is final.
    rows = (await work.conn.exec_driver_sql(_LOCK, (*standing, [row.id for row in found]))).all()
    held = [row.id for row in rows if row.status in HELD]
    again = await _again(work, team_id, _RELEASE, held)
    again += await _again(work, team_id, _REPLAY, [row.id for row in rows if row.status in FAILED])
    return await history.deliveries_by_id(work, actor, team_id, again), more


async def _again(work: Work, team_id: UUID, statement: str, ids: Sequence[UUID]) -> list[UUID]:
    if not ids:
        return []
    values: tuple[Any, ...] = (team_id, list(ids), work.now, work.now + GIVE_UP_AFTER)
    rows = (await work.conn.exec_driver_sql(statement, values)).all()
    work.hint(row.channel for row in rows)
    for row in rows:
        work.note("delivery.retried", team_id=team_id, object_type="delivery", object_id=row.id)
    return [row.id for row in rows]
