"""Occurrences: claimed once each, fired, acknowledged, skipped. This is the heart.

A claim is one transaction: lock what is due, plan in Python, write occurrences and deliveries and move
`next_run_at` in one statement. Rows that somebody else has locked are left to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, Uuid, bindparam, or_, select, text

from core import metrics
from core.clock import SECOND, ceil_second
from core.errors import Conflict
from core.work import Work
from crud import deliveries, recipients
from crud.claim_plan import ClaimPlan
from crud.fan_out import FIRE_ONE, LOCK_DUE, SKIP_ONE, TELL_CREATOR
from crud.local_claim import LocalPlan, taken_seconds
from models import occurrences
from schedules.everywhere import is_everybodys

log = structlog.get_logger()

# A transaction stays short, however large the teams are.
MOST_DELIVERIES = 5_000
# After days without a worker every minutely reminder has thousands behind it; planning them blocks the process.
MOST_MISSED = 5_000


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one claim did; `more` says that the batch was full and another should follow at once."""

    reminders: int = 0
    deliveries: int = 0
    more: bool = False


def _within(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Take as many reminders as make one transaction's worth of deliveries, and at least one."""
    taken: list[Row[Any]] = []
    total = 0
    for row in rows:
        total += row.reach
        if taken and total > MOST_DELIVERIES:
            break
        taken.append(row)
    return taken


async def claim_due(work: Work, limit: int) -> Claimed:
    """Claim up to `limit` reminders that are due at `work.now`: write their occurrences and deliveries.

    Asks for the alarms of their next instants and for hints to the channels concerned.
    """
    locked = (await work.conn.exec_driver_sql(LOCK_DUE, (work.now, limit))).all()
    if not locked:
        return Claimed()
    rows = _within(locked)
    # What is due at one instant for all does not pay for what waits for everybody's own clock.
    local = recipients.local(*rows)
    planned = ClaimPlan()
    locally = LocalPlan(await recipients.zones_of(work, local), await taken_seconds(work, local))
    for row in rows:
        if len(planned.expired) + len(locally.expired) >= MOST_MISSED:
            break
        plan = locally if is_everybodys(row.schedule) else planned
        work.wake(plan.add(row, work.now))
    written = await _write(work, planned) + await _write(work, locally)
    taken = len(planned.moves) + len(locally.moves)
    metrics.claims.inc(taken)
    more = len(locked) == limit or taken < len(locked)
    if more:
        work.wake_again()
    return Claimed(taken, written, more)


async def _write(work: Work, planned: ClaimPlan | LocalPlan) -> int:
    """Write what was planned and see to what follows from it; return the number of deliveries."""
    if not planned.moves:
        return 0
    outcome = await planned.write(work)
    await _follow_up(work, outcome, [team_id for team_id, *_ in planned.moves])
    deliveries: int = outcome.deliveries
    return deliveries


async def _follow_up(work: Work, outcome: Row[Any], teams: list[UUID]) -> None:
    work.hint(outcome.channels)
    if outcome.unreached:
        told = (await work.conn.exec_driver_sql(TELL_CREATOR, (outcome.unreached, teams))).one()
        work.hint(told.channels)
        log.warning("occurrence.no_recipient", occurrences=len(outcome.unreached))


async def fire_now(work: Work, reminder: Row[Any]) -> Row[Any]:
    """Fire a reminder beside its schedule, at this second, and return the occurrence.

    Twice within a second is once.
    """
    at = ceil_second(work.now)
    outcome = (await work.conn.exec_driver_sql(FIRE_ONE, (reminder.team_id, reminder.id, at, "open", None))).one()
    await _follow_up(work, outcome, [reminder.team_id])
    return await _at(work, reminder, at)


async def skip_next(work: Work, reminder: Row[Any]) -> None:
    """Write down that the next occurrence of a locked reminder is skipped; the caller moves `next_run_at`."""
    at = reminder.next_run_at
    if reminder.next_local is not None:
        taken = (await taken_seconds(work, [reminder])).get(reminder.id, ())
        while at in taken:
            at += SECOND
    values = (reminder.team_id, reminder.id, at, "skipped", reminder.next_local)
    await work.conn.exec_driver_sql(SKIP_ONE, values)


async def _at(work: Work, reminder: Row[Any], at: datetime) -> Row[Any]:
    table = occurrences.c
    statement = select(occurrences).where(
        table.team_id == reminder.team_id, table.reminder_id == reminder.id, table.scheduled_for == at
    )
    return (await work.conn.execute(statement)).one()


class NothingToAcknowledge(Conflict):
    """Nothing of this reminder has fired that could be acknowledged."""

    code = "nothing_to_acknowledge"


_ACKNOWLEDGE = text("""
update occurrences set status = 'acknowledged', reason = null, acknowledged_by = :by, acknowledged_at = :now,
       acknowledged_via = :via, acknowledge_note = :note, updated_at = :now, version = version + 1
 where team_id = :team_id and status = 'open'
   and (reminder_id = :reminder_id or id = :occurrence_id)
returning id
""").bindparams(bindparam("reminder_id", type_=Uuid), bindparam("occurrence_id", type_=Uuid))


async def acknowledge(
    work: Work,
    team_id: UUID,
    *,
    by: UUID,
    via: str,
    note: str | None,
    reminder_id: UUID | None = None,
    occurrence_id: UUID | None = None,
) -> Row[Any]:
    """Say that one occurrence, or all that a reminder has fired, is done; return the latest of them.

    What waits to be sent is cancelled in the same transaction. A second Done changes nothing and returns the
    occurrence with its first actor. Raises NothingToAcknowledge.
    """
    key = {"team_id": team_id, "reminder_id": reminder_id, "occurrence_id": occurrence_id}
    values = {**key, "by": by, "via": via, "note": note, "now": work.now}
    done = (await work.conn.execute(_ACKNOWLEDGE, values)).scalars().all()
    if done:
        await deliveries.cancel_of_occurrences(work, team_id, done, "acknowledged")
    table = occurrences.c
    latest = (
        select(occurrences)
        .where(table.team_id == team_id, table.status == "acknowledged")
        .where(or_(table.reminder_id == reminder_id, table.id == occurrence_id))
        .order_by(table.scheduled_for.desc())
        .limit(1)
    )
    row = (await work.conn.execute(latest)).one_or_none()
    if row is None:
        raise NothingToAcknowledge
    return row
