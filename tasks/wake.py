"""Waking: an alarm rang, so claim what is due. The one door of both clocks."""

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from core.crash import crash_point
from core.queue import Ringer
from core.work import Work, begin
from crud import occurrences

log = structlog.get_logger()

BATCH = 500


async def claim_all(db: AsyncEngine, ringer: Ringer | None) -> tuple[int, set[str]]:
    """Claim everything that is due, batch by batch; return how many reminders, and the channels concerned.

    After each commit the alarms of the next instants are set and the dispatchers of all processes hinted.
    """
    total = 0
    channels: set[str] = set()
    while True:
        async with begin(db) as work:
            claimed = await occurrences.claim_due(work, BATCH)
            crash_point("claim:before_commit")
        if claimed.reminders:
            crash_point("claim:after_commit")
            log.info("reminders.fired", reminders=claimed.reminders, deliveries=claimed.deliveries)
        total += claimed.reminders
        channels |= work.channels
        await _ring(ringer, work)
        if not claimed.more:
            return total, channels
        crash_point("sweep:mid_batch")


async def _ring(ringer: Ringer | None, work: Work) -> None:
    if ringer is not None:
        crash_point("hint:before_enqueue")
        await ringer.ring(work)
