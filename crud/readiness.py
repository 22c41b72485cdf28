"""Readiness: what one look at the database says about the whole installation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

# Each part is the edge of an index, or of a table as small as the number of workers.
_STATE = text("""
select (select version_num from alembic_version) as revision,
       (select max(swept_at) from workers) as swept_at,
       extract(epoch from now() - (select max(swept_at) from workers))::float as sweep_age,
       extract(epoch from now() - least(
           (select min(next_run_at) from reminders where status = 'active'),
           (select min(deliver_at) from deliveries where status = 'pending'),
           (select min(deliver_at) from letters where ended_at is null)))::float as overdue
""")


@dataclass(frozen=True, slots=True)
class State:
    """The revision (None: not migrated), when a sweep was last made, and seconds that the oldest due thing waits."""

    revision: str | None = None
    swept_at: datetime | None = None
    sweep_age: float | None = None
    overdue: float = 0.0


async def state(conn: AsyncConnection) -> State:
    """Look; an empty database gives an empty state."""
    try:
        row = (await conn.execute(_STATE)).one()
    except ProgrammingError:
        # Tables are missing.
        return State()
    return State(row.revision, row.swept_at, row.sweep_age, max(0.0, row.overdue or 0.0))
