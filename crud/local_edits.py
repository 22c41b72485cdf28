"""Edits of reminders on everybody's own clock: what somebody still has before them is neither lost nor sent twice."""

from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Row, select, update

from core.work import Work
from crud import deliveries, recipients
from crud.recipients import Next
from models import occurrences, reminders
from schedules.everywhere import Everywhere
from schedules.schedule import GRACE

_WESTERNMOST: Final = timezone(-timedelta(hours=12))


def reach_back(stored: dict[str, Any], spec: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Let a changed schedule that says no start begin where clocks are last.

    By its author's clock it would begin after what people further west still have before them today.
    """
    if "starts_at" not in stored or spec.get("starts_at") or spec.get("count"):
        return stored
    local = now.astimezone(_WESTERNMOST).replace(tzinfo=None, microsecond=0)
    return stored | {"starts_at": min(stored["starts_at"], local.isoformat())}


async def begin_again(work: Work, row: Row[Any], *, stood_at: datetime | None) -> Row[Any]:
    """Plan a reminder whose schedule has changed from now on, and return it; its row is locked and written.

    `stood_at` is its `next_local` of before: without one, nobody who changes a clock waits for it. Occurrences that
    the new schedule has as well are not opened again: what the change has cancelled of them waits again, as far as it
    is still to come. Raises ScheduleError.
    """
    if stood_at is None:
        await recipients.hold_team(work, row.team_id)
    zones = (await recipients.zones_of(work, [row]))[row.id]
    coming = recipients.begins(row.schedule, zones, work.now)
    if coming.next_local is None:
        return row
    everywhere = Everywhere(row.schedule, zones, coming.planned_from)
    there = await _opened(work, row, coming.next_local)
    if row.status != "paused":
        same = [local for local in there if everywhere.next(local - timedelta(seconds=1)) == local]
        await deliveries.take_back_local(work, row.team_id, row.id, same, after=coming.planned_from or work.now - GRACE)
    local: datetime | None = coming.next_local
    while local and local in there:
        local = everywhere.next(local)
    coming = Next.of(everywhere.coming(local) if local else None, coming.planned_from)
    status = row.status if coming.next_run_at or row.status == "paused" else "completed"
    changed = await _store(work, row, coming, status)
    await recipients.move_waiting(work, [row.team_id])
    return changed


async def replanned(work: Work, row: Row[Any]) -> Row[Any]:
    """Plan a locked reminder anew for a changed audience, and return it."""
    if row.next_local is None:
        return row
    zones = (await recipients.zones_of(work, [row]))[row.id]
    coming = recipients.goes_on(row, zones, row.planned_from, row.next_local)
    return await _store(work, row, coming, row.status)


async def _opened(work: Work, row: Row[Any], least: datetime) -> Collection[datetime]:
    o = occurrences.c
    which = (o.team_id == row.team_id, o.reminder_id == row.id, o.scheduled_local >= least)
    return set((await work.conn.execute(select(o.scheduled_local).where(*which))).scalars())


async def _store(work: Work, row: Row[Any], coming: Next, status: str) -> Row[Any]:
    key = (reminders.c.team_id == row.team_id) & (reminders.c.id == row.id)
    written = update(reminders).where(key).values(status=status, **recipients.values(coming)).returning(reminders)
    changed: Row[Any] = (await work.conn.execute(written)).one()
    if changed.status == "active":
        work.wake(changed.next_run_at)
    return changed
