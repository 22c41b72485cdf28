"""What must hold in the database once everything is drained, whatever has happened."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

INVARIANTS = {
    "a lease ran out for good": "select id from deliveries where status = 'sending' and lease_until < now()",
    "a delivery has not ended": "select id from deliveries where status in ('pending', 'sending')",
    "attempts are missing or too many": """
        select d.id from deliveries d left join attempts a on a.team_id = d.team_id and a.delivery_id = d.id
         group by d.team_id, d.id, d.attempt_count having count(a.n) <> d.attempt_count
            or count(a.n) filter (where a.n > d.attempt_count) > 0""",
    "delivered without exactly one accepted attempt": """
        select d.id from deliveries d
         where (d.status in ('delivered', 'confirmed')) <> (1 = (
            select count(*) from attempts a
             where a.team_id = d.team_id and a.delivery_id = d.id and a.outcome = 'accepted'))""",
    "an attempt ended before it began": "select delivery_id from attempts where finished_at < started_at",
    "delivered before it was due": """
        select d.id from deliveries d join occurrences o on o.team_id = d.team_id and o.id = d.occurrence_id
         where d.delivered_at < o.scheduled_for""",
    "a due reminder was not claimed": "select id from reminders where status = 'active' and next_run_at <= now()",
    "an occurrence fired and has no delivery": """
        select o.id from occurrences o where o.status in ('open', 'acknowledged')
           and not exists (select from deliveries d where d.team_id = o.team_id and d.occurrence_id = o.id)""",
    "an occurrence that waits for nobody is open": """
        select o.id from occurrences o
          join reminders r on r.team_id = o.team_id and r.id = o.reminder_id and r.completion is null
         where o.status = 'open' and not exists (
            select from deliveries d where d.team_id = o.team_id and d.occurrence_id = o.id
               and d.status in ('pending', 'sending', 'blocked', 'quarantined'))""",
}


async def broken(db: AsyncEngine) -> dict[str, int]:
    """Return the invariants that do not hold, with the number of rows that break them."""
    async with db.connect() as conn:
        counts = {name: len((await conn.execute(text(query))).all()) for name, query in INVARIANTS.items()}
    return {name: count for name, count in counts.items() if count}
