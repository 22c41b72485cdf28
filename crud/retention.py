"""Retention: what ended long ago is removed for good, in small steps, from the leaves to the root.

Whatever is open, waits, is held for a person or still repeats is never touched, however old. Keys are UUIDv7 and grow
with time, so that “made before” is the beginning of every team's own stretch of the primary key, and no index has to
be kept for it while reminders fire.
"""

from datetime import datetime, timedelta
from typing import Final

from core.ids import first_of
from core.settings import Settings
from core.work import Work

# $1 is the first id of the instant before which, $2 the instant, $3 how many rows at most.
_DELIVERIES: Final = """
delete from deliveries where (team_id, id) in (
    select o.team_id, o.id from teams t
     cross join lateral (
        select d.team_id, d.id from deliveries d
         where d.team_id = t.id and d.id < $1
           and d.status in ('delivered', 'confirmed', 'dead', 'suppressed', 'cancelled', 'expired')
           and exists (select from occurrences e where e.team_id = d.team_id and e.id = d.occurrence_id
                          and e.status <> 'open' and e.updated_at < $2)
         order by d.id limit $3 for update skip locked) o
     limit $3)
"""
_OCCURRENCES: Final = """
delete from occurrences where (team_id, id) in (
    select o.team_id, o.id from teams t
     cross join lateral (
        select e.team_id, e.id from occurrences e
         where e.team_id = t.id and e.id < $1 and e.status <> 'open' and e.updated_at < $2
           and not exists (select from deliveries d where d.team_id = e.team_id and d.occurrence_id = e.id)
         order by e.id limit $3 for update skip locked) o
     limit $3)
"""
# Nothing is to come for them, which an index of the team's own list knows.
_REMINDERS: Final = """
delete from reminders where (team_id, id) in (
    select o.team_id, o.id from teams t
     cross join lateral (
        select r.team_id, r.id from reminders r
         where r.team_id = t.id and r.next_run_at is null and r.id < $1
           and r.status in ('completed', 'expired', 'deleted')
           and greatest(r.updated_at, r.last_run_at, r.deleted_at) < $2
           and not exists (select from occurrences e where e.team_id = r.team_id and e.reminder_id = r.id)
         order by r.id limit $3 for update skip locked) o
     limit $3)
"""
# The rows stay, because deliveries that are younger refer to them; they say nothing any more.
_ADDRESSES: Final = """
update addresses set sealed_value = '', value_hash = '', shown_value = '', label = null
 where id in (select id from addresses where deleted_at < $1 and shown_value <> '' limit $2 for update skip locked)
"""


async def forget_old(work: Work, settings: Settings, limit: int) -> int:
    """Remove up to `limit` of each: deliveries, occurrences, reminders, values of removed addresses; return how many.

    They ended RETENTION_DAYS ago or earlier; 0 keeps all of them for ever.
    """
    if settings.retention_days == 0:
        return 0
    before: datetime = work.now - timedelta(days=settings.retention_days)
    gone = 0
    for statement in (_DELIVERIES, _OCCURRENCES, _REMINDERS):
        gone += (await work.conn.exec_driver_sql(statement, (first_of(before), before, limit))).rowcount
    return gone + (await work.conn.exec_driver_sql(_ADDRESSES, (before, limit))).rowcount
