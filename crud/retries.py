"""Retries by hand: what was held for a person goes on, what has ended in failure is sent once more."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from core.errors import Conflict
from core.work import Work
from crud import access
from crud.access import Actor
from models import addresses, deliveries, occurrences, reminders
from models.delivery import HELD, WAITING

GIVE_UP_AFTER: Final = timedelta(days=7)
FAILED: Final = ("dead", "expired")
STANDING: Final = ("open", "closed")
"""Occurrences that are not done with: acknowledged and cancelled ones stay final."""


class NotRetryable(Conflict):
    """The delivery cannot be sent again."""

    code = "not_retryable"


async def retry(work: Work, actor: Actor, delivery_id: UUID) -> UUID:
    """Send a failed delivery again, and return the id under which: a new row, unless it was only held.

    Raises NotFound, RoleTooLow, NotRetryable.
    """
    row = await _locked(work, actor, delivery_id)
    _check(row)
    work.hint([row.channel])
    work.note("delivery.retried", team_id=row.team_id, object_type="delivery", object_id=row.id)
    again = {"status": "pending", "reason": None, "deliver_at": work.now, "give_up_at": work.now + GIVE_UP_AFTER}
    if row.status in HELD:
        held = update(deliveries).where(deliveries.c.team_id == row.team_id, deliveries.c.id == row.id)
        await work.conn.execute(held.values(**again, deaths=0, version=deliveries.c.version + 1))
        return delivery_id
    same = ("team_id", "occurrence_id", "channel", "address_id")
    earlier = select(func.coalesce(func.max(deliveries.c.seq), 0) + 1).where(
        deliveries.c.kind == "replay", *(deliveries.c[name] == getattr(row, name) for name in same)
    )
    values = {name: getattr(row, name) for name in (*same, "user_id", "address_team_id", "due_at", "timezone")}
    statement = insert(deliveries).values(**values, **again, kind="replay", seq=earlier.scalar_subquery())
    new: UUID = (await work.conn.execute(statement.returning(deliveries.c.id))).scalar_one()
    return new


_usable = addresses.c.deleted_at.is_(None) & addresses.c.disabled_at.is_(None) & addresses.c.verified_at.is_not(None)
_occurrence = (occurrences.c.team_id == deliveries.c.team_id) & (occurrences.c.id == deliveries.c.occurrence_id)
# Pressed twice must not be sent twice.
_replay = deliveries.alias("replay")
_again = exists().where(
    *(_replay.c[name] == deliveries.c[name] for name in ("team_id", "occurrence_id", "channel", "address_id")),
    _replay.c.kind == "replay",
    _replay.c.id != deliveries.c.id,
    _replay.c.status.in_((*WAITING, *HELD, "delivered", "confirmed")),
)
_reminder = (reminders.c.team_id == occurrences.c.team_id) & (reminders.c.id == occurrences.c.reminder_id)
_STATES = (
    occurrences.c.status.label("occurrence_status"),
    reminders.c.status.label("reminder_status"),
    _usable.label("usable"),
    _again.correlate(deliveries).label("sent_again"),
)


async def _locked(work: Work, actor: Actor, delivery_id: UUID) -> Row[Any]:
    """Lock a delivery after its reminder, which is the order of everybody who ends things, and return it."""
    statement = (
        access.mine(deliveries, actor, *_STATES)
        .join(occurrences, _occurrence)
        .join(reminders, _reminder)
        .outerjoin(addresses, addresses.c.id == deliveries.c.address_id)
        .where(deliveries.c.id == delivery_id)
    )
    # The occurrence too, because acknowledging it locks no reminder.
    both = statement.with_for_update(of=(reminders, occurrences))
    await access.found(work, both, what="delivery", at_least="member")
    return await access.found(work, statement.with_for_update(of=deliveries), what="delivery")


def _check(row: Row[Any]) -> None:
    if row.status not in (*HELD, *FAILED):
        message = f"it is {row.status}; only what is {', '.join((*HELD, *FAILED))} can be sent again"
        raise NotRetryable(message)
    if row.sent_again:
        message = "it has been sent again already; look at the delivery of kind replay"
        raise NotRetryable(message)
    if row.occurrence_status not in STANDING or row.reminder_status == "deleted":
        message = "its occurrence is done or cancelled, and that is final"
        raise NotRetryable(message)
    if not row.usable:
        message = "its address is removed, disabled or not verified"
        raise NotRetryable(message)
