"""Computing `next_run_at` anew when zone data change: batch by batch, and only what is different is written.

Nothing is locked while Python reckons. A row is written only if it is still the one that was read, and left for later
if somebody holds it; so claims, people and this never wait for each other.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row

from core.clock import iso
from core.logs import frames
from core.work import Work
from crud.claim_plan import columns
from crud.zone_rules import Course
from schedules.rezone import last_at, moved

log = structlog.get_logger()

# Rows of one look, so that no statement takes long however many rows are done and of no concern.
WINDOW: Final = 500
MOST_EXAMPLES: Final = 10
# What was created or changed so shortly before may have been planned by a process that has the new rules already.
FRESHLY_WRITTEN: Final = timedelta(hours=1)
FRESHLY_FIRED: Final = timedelta(minutes=1)

_EDGE = """
select team_id, id from reminders where (team_id, id) > ($1, $2) order by team_id, id offset $3 limit 1
"""
# A deleted one may come back.
_CONCERNED = """
select team_id, id, version, status, schedule, next_run_at, last_run_at, created_at, updated_at from reminders
 where status in ('active', 'paused', 'deleted') and next_run_at is not null
   and schedule ->> 'timezone' = any($1::text[])
"""
_READ = _CONCERNED + "and (team_id, id) > ($2, $3) and (team_id, id) <= ($4, $5)"
_READ_AGAIN = _CONCERNED + "and id = any($2::uuid[])"
_WRITE = """
with u as (
    select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::text[],
                         $7::text[])
        as u (team_id, id, version, was, next_run_at, last_at, ended)
),
free as (
    select u.* from u join reminders r on r.team_id = u.team_id and r.id = u.id
     where r.version = u.version and r.next_run_at = u.was
       for update of r skip locked
)
update reminders r
   set next_run_at = f.next_run_at,
       status = case when f.next_run_at is null and r.status = 'active' then f.ended else r.status end,
       schedule = case when f.last_at is null then r.schedule
                       else jsonb_set(r.schedule, '{last_at}', to_jsonb(f.last_at)) end
  from free f where r.team_id = f.team_id and r.id = f.id
returning r.id, r.status
"""
_LAST = (UUID(int=2**128 - 1), UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class Change:
    """A reminder that is planned anew."""

    row: Row[Any]
    next_run_at: datetime | None
    last_at: str | None

    @property
    def values(self) -> tuple[object, ...]:
        """The columns of the statement that writes."""
        row = self.row
        ended = "completed" if row.last_run_at else "expired"
        return row.team_id, row.id, row.version, row.next_run_at, self.next_run_at, self.last_at, ended


async def batch(work: Work, course: Course, *, write: bool = True, window: int = WINDOW) -> tuple[bool, list[UUID]]:
    """Take the next `window` rows of a course; return whether there is more, and the ids that somebody else held.

    `write=False` only reckons. Asks for the alarms of what was moved.
    """
    edge = (await work.conn.exec_driver_sql(_EDGE, (*course.after, window - 1))).one_or_none()
    until = (edge.team_id, edge.id) if edge else _LAST
    values = (list(course.former), *course.after, *until)
    rows = (await work.conn.exec_driver_sql(_READ, values)).all()
    for row in rows:
        _zone(course, row)["looked_at"] += 1
    course.report.looked_at += len(rows)
    busy = await _plan(work, course, rows, write=write)
    course.after = until
    return edge is not None, busy


async def again(work: Work, course: Course, ids: Sequence[UUID]) -> list[UUID]:
    """Look once more at those that were held; return which still are."""
    rows = (await work.conn.exec_driver_sql(_READ_AGAIN, (list(course.former), list(ids)))).all()
    return await _plan(work, course, rows, write=True)


async def _plan(work: Work, course: Course, rows: Sequence[Row[Any]], *, write: bool) -> list[UUID]:
    # Hundreds take a few hundredths of a second: the process goes on delivering meanwhile.
    changes = await asyncio.to_thread(_changes, course, rows)
    written = {change.row.id: change.row.status for change in changes}
    if changes and write:
        statement = tuple(columns([change.values for change in changes], 7))
        written = {row.id: row.status for row in (await work.conn.exec_driver_sql(_WRITE, statement)).all()}
    for change in changes:
        if change.row.id in written:
            _note(course, change)
            if written[change.row.id] == "active":
                work.wake(change.next_run_at)
    return [change.row.id for change in changes if change.row.id not in written]


def _changes(course: Course, rows: Sequence[Row[Any]]) -> list[Change]:
    found = [_change(course, row) for row in rows]
    return [change for change in found if change]


def _change(course: Course, row: Row[Any]) -> Change | None:
    try:
        old = course.former[row.schedule["timezone"]]
        last = last_at(row.schedule)
        stored = row.schedule if last is None else {**row.schedule, "last_at": last}
        settled = max(filter(None, (row.last_run_at, row.created_at)))
        at = moved(stored, row.next_run_at, old, settled=settled, certain=course.certain and _settled(course, row))
    except Exception as error:  # noqa: BLE001  one reminder that cannot be planned must not stop the others
        log.error("reminder.poisoned", reminder_id=str(row.id), error=type(error).__name__, at=frames(error))
        course.report.unreadable += 1
        course.report.unreadable_ids = [*course.report.unreadable_ids, str(row.id)][:MOST_EXAMPLES]
        return None
    last = None if last == row.schedule.get("last_at") else last
    return Change(row, at, last) if at != row.next_run_at or last else None


def _settled(course: Course, row: Row[Any]) -> bool:
    """Whether nobody can have planned it since the new rules came."""
    written = max(row.created_at, row.updated_at) < course.began_at - FRESHLY_WRITTEN
    return written and (row.last_run_at is None or row.last_run_at < course.began_at - FRESHLY_FIRED)


def _zone(course: Course, row: Row[Any]) -> dict[str, int]:
    return course.report.by_zone.setdefault(row.schedule["timezone"], {"looked_at": 0, "moved": 0})


def _note(course: Course, change: Change) -> None:
    report, row = course.report, change.row
    if change.next_run_at == row.next_run_at:
        return
    report.moved += 1
    report.ended += change.next_run_at is None
    _zone(course, row)["moved"] += 1
    if len(report.examples) < MOST_EXAMPLES:
        to = iso(change.next_run_at) if change.next_run_at else None
        example = {"reminder_id": str(row.id), "timezone": row.schedule["timezone"], "from": iso(row.next_run_at)}
        report.examples.append({**example, "to": to})
