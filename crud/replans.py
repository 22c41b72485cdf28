"""What a changed calendar means for the reminders that heed it: one statement reads them, one writes them."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import Row

from core.work import Work
from crud import recipients
from crud.claim_plan import columns
from crud.recipients import Next, Zones
from schedules import plan, replan
from schedules.days_off import CALENDAR
from schedules.everywhere import is_everybodys

log = structlog.get_logger()

# The second condition, as a constant, is what lets PostgreSQL use the partial index.
_HEEDING = "team_id = $1 and schedule ->> 'holidays' = $2 and schedule ->> 'holidays' like 'calendar:%'"
_ENDED = ("completed", "expired")
_COUNT = f"select count(*) from reminders where {_HEEDING} and status in ('active', 'paused')"  # noqa: S608  put together from constants
# Whoever ended is looked at too, because a date that is taken away may give them something to come. What a
# program bound to an entity stays ended: it may have made another one since.
_READ = f"""
select team_id, id, status, next_run_at, next_local, next_zone, planned_from, schedule - 'holiday_dates' as schedule
  from reminders where {_HEEDING} and (status not in ('completed', 'expired') or entity_id is null)
 order by id for update
"""  # noqa: S608  the same
_WRITE = """
update reminders r
   set schedule = jsonb_set(r.schedule, '{holiday_dates}', $2::jsonb), status = u.status,
       next_run_at = u.next_run_at, next_local = u.next_local, next_zone = u.next_zone, planned_from = u.planned_from
  from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::timestamp[], $7::text[], $8::timestamptz[])
    as u (id, status, next_run_at, next_local, next_zone, planned_from)
 where r.team_id = $1 and r.id = u.id
"""


class _Change(NamedTuple):
    """The dates of a calendar before and after a change, as schedules hold them, and when it happens."""

    before: list[str]
    after: list[str]
    now: datetime


def _key(team_id: UUID, calendar_id: UUID) -> tuple[UUID, str]:
    return team_id, f"{CALENDAR}{calendar_id}"


async def heeding(work: Work, team_id: UUID, calendar_id: UUID) -> int:
    """Return how many active or paused reminders heed a calendar."""
    found: int = (await work.conn.exec_driver_sql(_COUNT, _key(team_id, calendar_id))).scalar_one()
    return found


async def after_change(
    work: Work, team_id: UUID, calendar_id: UUID, before: Sequence[date], after: Sequence[date]
) -> None:
    """Copy the dates of a changed calendar into the schedules that heed it, and plan those anew from now.

    `before` and `after` are all its dates; the calendar's row is locked. Asks for the alarms. A reminder to which
    nothing comes any more is completed, and active again as soon as its calendar gives it something.
    """
    rows = (await work.conn.exec_driver_sql(_READ, _key(team_id, calendar_id))).all()
    zones = await recipients.zones_of(work, recipients.local(*rows))
    change = _Change([day.isoformat() for day in before], [day.isoformat() for day in after], work.now)
    # A thousand reminders take a second: other requests go on meanwhile.
    planned = await asyncio.to_thread(_planned, rows, zones, change)
    if not planned:
        return
    await work.conn.exec_driver_sql(_WRITE, (team_id, json.dumps(change.after), *columns(planned, 6)))
    for _, status, next_run_at, *_ in planned:
        if status == "active":
            work.wake(next_run_at)
    log.info("calendar.replanned", calendar_id=str(calendar_id), reminders=len(planned))


def _planned(rows: Sequence[Row[Any]], zones: Zones, change: _Change) -> list[tuple[Any, ...]]:
    """Return id, status and what comes next of each reminder that is to be written."""
    planned = []
    for row in rows:
        coming = _next(row, zones, change)
        if row.status in _ENDED and coming.next_run_at is None:
            continue
        status = row.status if row.status in ("paused", "deleted") else "active" if coming.next_run_at else "completed"
        what = (coming.next_run_at, coming.next_local, coming.next_zone, coming.planned_from)
        planned.append((row.id, status, *what))
    return planned


def _next(row: Row[Any], zones: Zones, change: _Change) -> Next:
    old, new = ({**row.schedule, "holiday_dates": dates} for dates in (change.before, change.after))
    stands = row.next_run_at
    if not is_everybodys(row.schedule):
        return Next(replan.replanned(plan.load(old), plan.load(new), stands, change.now))
    if stands is not None and stands <= change.now:
        return Next(stands, row.next_local, row.next_zone, row.planned_from)
    return Next.of(replan.reopened(old, new, zones[row.id], row.next_local, change.now), change.now)
