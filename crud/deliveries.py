"""Deliveries withdrawn because they have become pointless; how they are sent stands in `crud/dispatch.py`.

Final means cancelled rows, in the transaction of whatever made them pointless: a claim reads a snapshot and
would not see a mere change of state elsewhere.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update

from core.work import Work
from models import deliveries, occurrences
from models.delivery import HELD, WAITING


async def withdraw(work: Work, which: ColumnElement[bool], reason: str) -> None:
    """Cancel those of some deliveries that are not sent yet: none of them starts after the commit.

    An attempt under way cannot be called back; it is marked as the last.
    """
    sending = deliveries.c.status == "sending"
    statement = (
        update(deliveries)
        .where(which, deliveries.c.status.in_((*WAITING, *HELD)))
        .values(
            status=case((sending, "sending"), else_="cancelled"),
            reason=case((sending, deliveries.c.reason), else_=reason),
            cancel_reason=case((sending, reason), else_=None),
            version=deliveries.c.version + 1,
        )
    )
    await work.conn.execute(statement)


# The same by the addresses that they go to. Each arm has a partial index of its own; a list of states has none.
_WITHDRAW_FROM = """
update deliveries
   set reason = case when status = 'sending' then reason else $2 end,
       cancel_reason = case when status = 'sending' then $2 end,
       status = case when status = 'sending' then 'sending' else 'cancelled' end, version = version + 1
 where (status = 'pending' and address_id = any($1))
    or (status = 'sending' and address_id = any($1))
    or (status in ('blocked', 'quarantined') and address_id = any($1))
"""


async def withdraw_from(work: Work, address_ids: Collection[UUID], reason: str) -> None:
    """Cancel what is not yet sent to some addresses, in all teams: nothing starts after the commit."""
    if address_ids:
        await work.conn.exec_driver_sql(_WITHDRAW_FROM, (sorted(address_ids), reason))


async def cancel_of_occurrences(work: Work, team_id: UUID, ids: Sequence[UUID], reason: str) -> None:
    """Cancel what is not yet sent of some occurrences."""
    await withdraw(work, and_(deliveries.c.team_id == team_id, deliveries.c.occurrence_id.in_(ids)), reason)


async def cancel(work: Work, team_id: UUID, reminder_id: UUID, reason: str, *, close: bool = False) -> None:
    """Cancel what is not yet sent of a reminder.

    Call it with the reminder's own row locked, so that a claim under way has ended and its deliveries are
    seen. Occurrences that nobody received become `cancelled`; with `close`, all open ones do.
    """
    await cancel_of(work, team_id, [reminder_id], reason, close=close)


async def cancel_of(work: Work, team_id: UUID, reminder_ids: Sequence[UUID], reason: str, *, close: bool) -> None:
    """Do what `cancel` does for several reminders of a team."""
    o, d = occurrences.c, deliveries.c
    of_reminder = and_(o.team_id == team_id, o.reminder_id.in_(reminder_ids))
    ids = select(o.id).where(of_reminder, o.status.in_(("open", "closed")))
    await withdraw(work, and_(d.team_id == team_id, d.occurrence_id.in_(ids)), reason)
    reached = exists().where(
        d.team_id == o.team_id, d.occurrence_id == o.id, d.status.in_(("delivered", "confirmed", "sending"))
    )
    pointless = [] if close else [~reached]
    values = {"status": "cancelled", "reason": reason, "updated_at": work.now, "version": o.version + 1}
    await work.conn.execute(update(occurrences).where(of_reminder, o.status == "open", *pointless).values(values))


async def take_back(work: Work, team_id: UUID, reminder_id: UUID, at: datetime, reason: str) -> None:
    """Undo `cancel` for the occurrence of one instant, because the reminder was moved back to it.

    The claim finds the occurrence there and adds nothing, so that what waited before waits again.
    """
    o, d = occurrences.c, deliveries.c
    this = and_(o.team_id == team_id, o.reminder_id == reminder_id, o.scheduled_for == at)
    reopened = update(occurrences).where(this, o.status == "cancelled", o.reason == reason)
    values = {"status": "open", "reason": None, "updated_at": work.now, "version": o.version + 1}
    occurrence_id = (await work.conn.execute(reopened.values(values).returning(o.id))).scalar_one_or_none()
    if occurrence_id is None:
        return
    again = update(deliveries).where(
        d.team_id == team_id, d.occurrence_id == occurrence_id, d.status == "cancelled", d.reason == reason
    )
    renewed = {"status": "pending", "reason": None, "deliver_at": work.now, "version": d.version + 1}
    waiting = again.values(renewed).returning(d.channel)
    work.hint((await work.conn.execute(waiting)).scalars())


async def take_back_local(
    work: Work, team_id: UUID, reminder_id: UUID, locals_: Collection[datetime], *, after: datetime
) -> None:
    """Let wait again what `cancel` has just withdrawn of some local times, as far as it is due after an instant."""
    o, d = occurrences.c, deliveries.c
    again = and_(d.status == "cancelled", d.reason == "rescheduled", d.due_at > after)
    waits = exists().where(d.team_id == o.team_id, d.occurrence_id == o.id, again)
    these = and_(o.team_id == team_id, o.reminder_id == reminder_id, o.scheduled_local.in_(locals_), waits)
    standing = or_(o.status.in_(("open", "closed")), and_(o.status == "cancelled", o.reason == "rescheduled"))
    reopened = update(occurrences).where(these, standing).returning(o.id)
    reopened = reopened.values(status="open", reason=None, updated_at=work.now, version=o.version + 1)
    ids = (await work.conn.execute(reopened)).scalars().all()
    waiting = update(deliveries).where(d.team_id == team_id, d.occurrence_id.in_(ids), again)
    due = {"deliver_at": func.greatest(d.due_at, work.now), "version": d.version + 1}
    waiting = waiting.values(status="pending", reason=None, **due)
    work.hint((await work.conn.execute(waiting.returning(d.channel))).scalars())
