"""The dates of one calendar: read, and written set by set."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, bindparam, delete, select, text

from core.work import Work
from models import calendar_dates

_table = calendar_dates.c
_UPSERT = text("""
insert into calendar_dates (team_id, calendar_id, date, name)
select :team_id, :calendar_id, d.date, d.name from unnest(:dates, :names) as d (date, name)
    on conflict (team_id, calendar_id, date) do update set name = excluded.name
""").bindparams(
    bindparam("team_id", type_=Uuid),
    bindparam("calendar_id", type_=Uuid),
    bindparam("dates", type_=ARRAY(Date)),
    bindparam("names", type_=ARRAY(Text)),
)


async def of(work: Work, team_id: UUID, calendar_id: UUID) -> dict[date, str | None]:
    """Return the dates of a calendar with their names, the earliest first."""
    statement = (
        select(_table.date, _table.name)
        .where(_table.team_id == team_id, _table.calendar_id == calendar_id)
        .order_by(_table.date)
    )
    return {row.date: row.name for row in await work.conn.execute(statement)}


async def write(
    work: Work,
    team_id: UUID,
    calendar_id: UUID,
    before: Mapping[date, str | None],
    after: Mapping[date, str | None],
) -> None:
    """Make the dates of a calendar, whose row is locked and which holds `before`, those of `after`."""
    gone = [day for day in before if day not in after]
    if gone:
        which = (_table.team_id == team_id, _table.calendar_id == calendar_id, _table.date.in_(gone))
        await work.conn.execute(delete(calendar_dates).where(*which))
    fresh = {day: name for day, name in after.items() if day not in before or before[day] != name}
    if fresh:
        values = {"team_id": team_id, "calendar_id": calendar_id, "dates": list(fresh), "names": list(fresh.values())}
        await work.conn.execute(_UPSERT, values)
