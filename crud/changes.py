"""Changes to what a reminder says, to whom, and when. One version produces each occurrence."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.work import Work
from crud import audiences, deliveries, holidays, local_edits, planning, recipients
from crud.access import Actor
from crud.lifecycle import noted, write
from crud.recipients import Next
from crud.reminders import audience_columns, locked, zone
from crud.versions import Expected, check
from schedules import plan
from schedules.everywhere import is_everybodys
from schemas.reminders import ReminderUpdate, given
from schemas.schedule import ScheduleIn

PLAIN = (
    "message", "notes", "channels", "entity_type", "entity_id", "event_type", "completion", "catch_up", "max_lateness",
)  # fmt: skip


async def change(
    work: Work,
    actor: Actor,
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
    sent = given(wanted)
    days_off = await holidays.dates_for_change(work, actor, sent.get("schedule"), reminder_id)
    if "schedule" in sent and is_everybodys(sent["schedule"].spec()):
        # First the team, then its reminders, as whoever leaves it locks them.
        await recipients.hold_team_of(work, actor, reminder_id)
    row = await locked(work, actor, reminder_id)
    check(row.version, versions)
    changes = {name: sent[name] for name in PLAIN if name in sent}
    if "audience" in sent:
        await audiences.check(work, actor, row.team_id, sent["audience"], standing=row.audience_address_ids)
        changes |= audience_columns(sent["audience"])
    if "schedule" in sent:
        changes |= await _reschedule(work, actor, row, sent["schedule"], own_zone, days_off)
    if all(getattr(row, name) == value for name, value in changes.items()):
        return row
    noted(work, row, "changed", sent)
    changed = await write(work, row, **changes)
    if is_everybodys(changed.schedule) and "schedule" in changes:
        return await local_edits.begin_again(work, changed, stood_at=row.next_local)
    if is_everybodys(changed.schedule) and "audience" in sent:
        return await local_edits.replanned(work, changed)
    return changed


async def _reschedule(
    work: Work, actor: Actor, row: Row[Any], wanted: ScheduleIn, own_zone: str | None, days_off: list[str] | None
) -> dict[str, Any]:
    # Whoever sends back what they have read changes nothing, also where its time has passed since.
    if wanted.spec() == plan.public(row.schedule):
        return {}
    timezone = await zone(work, actor, row.team_id, wanted, own_zone)
    stored = await planning.saved(wanted.spec(), now=work.now, timezone=timezone, holiday_dates=days_off)
    if stored == row.schedule:
        return {}
    await deliveries.cancel(work, row.team_id, row.id, "rescheduled")
    # A paused reminder stays paused; one that had ended has something before it again.
    status = row.status if row.status == "paused" else "active"
    if is_everybodys(stored):
        # What comes next depends on the audience, which may change as well; so it is planned when that is written.
        back = local_edits.reach_back(stored, wanted.spec(), work.now) if is_everybodys(row.schedule) else stored
        return {"schedule": back, "status": status, **recipients.values(Next(None))}
    first = plan.load(stored).first(work.now)
    if first is not None and row.status != "paused":
        # Moved away and back again within the grace of a `once`: it has fired already.
        await deliveries.take_back(work, row.team_id, row.id, first.at, "rescheduled")
    return {"schedule": stored, "status": status, **recipients.values(Next(first.at if first else None))}
