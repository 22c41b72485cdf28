"""Changes to what a reminder says, to whom, and when. One version produces each occurrence."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.work import Work
from crud import audiences, deliveries
from crud.lifecycle import write
from crud.reminders import audience_columns, locked, zone
from crud.versions import Expected, check
from schedules import plan
from schemas.reminders import ReminderUpdate, given
from schemas.schedule import ScheduleIn

PLAIN = (
    "message", "notes", "channels", "entity_type", "entity_id", "event_type", "completion", "catch_up", "max_lateness",
)  # fmt: skip


async def change(
    work: Work,
    user_id: UUID,
    reminder_id: UUID,
    wanted: ReminderUpdate,
    *,
    versions: Expected,
    own_zone: str | None,
) -> Row[Any]:
    """Change a reminder; a changed schedule is planned from now, and what is not sent of the old one is cancelled.

    `own_zone` is the author's. Raises NotFound, RoleTooLow, VersionConflict, KeyTaken,
    UnknownRecipient, ScheduleError.
    """
    row = await locked(work, user_id, reminder_id)
    check(row.version, versions)
    sent = given(wanted)
    changes = {name: sent[name] for name in PLAIN if name in sent}
    if "audience" in sent:
        await audiences.check(work, user_id, row.team_id, sent["audience"], standing=row.audience_address_ids)
        changes |= audience_columns(sent["audience"])
    if "schedule" in sent:
        changes |= await _reschedule(work, row, sent["schedule"], own_zone)
    if all(getattr(row, name) == value for name, value in changes.items()):
        return row
    return await write(work, row, **changes)


async def _reschedule(work: Work, row: Row[Any], wanted: ScheduleIn, own_zone: str | None) -> dict[str, Any]:
    # Whoever sends back what they have read changes nothing, also where its time has passed since.
    if wanted.spec() == plan.public(row.schedule):
        return {}
    timezone = await zone(work, row.created_by, row.team_id, wanted, own_zone)
    stored = plan.save(wanted.spec(), now=work.now, timezone=timezone)
    if stored == row.schedule:
        return {}
    await deliveries.cancel(work, row.team_id, row.id, "rescheduled")
    first = plan.load(stored).first(work.now)
    if first is not None and row.status != "paused":
        # Moved away and back again within the grace of a `once`: it has fired already.
        await deliveries.take_back(work, row.team_id, row.id, first.at, "rescheduled")
    # A paused reminder stays paused; one that had ended has something before it again.
    status = row.status if row.status == "paused" else "active"
    return {"schedule": stored, "status": status, "next_run_at": first and first.at}
