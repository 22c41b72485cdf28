"""Sweeping: one pass over everything due and not done, whoever was meant to ring for it.

It asks “due and not done”, never “due within this minute”, so a tick that was missed costs nothing.
"""

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from core.queue import Ringer
from core.work import begin
from crud import dispatch, sweeps
from tasks.wake import claim_all

log = structlog.get_logger()


async def recover_lost(db: AsyncEngine) -> set[str]:
    """Take back all deliveries whose lease ran out, and return their channels."""
    channels: set[str] = set()
    async with db.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        while found := await dispatch.recover(conn):
            channels |= found
    if channels:
        log.warning("deliveries.recovered", channels=sorted(channels))
    return channels


async def resume_paused(db: AsyncEngine, ringer: Ringer) -> int:
    """Resume every reminder whose pause is over, and return how many."""
    total = 0
    while True:
        async with begin(db) as work:
            resumed = await sweeps.resume_paused(work)
        await ringer.ring(work)
        total += resumed
        if not resumed:
            return total


async def rearm(db: AsyncEngine, ringer: Ringer) -> None:
    """Set the alarms of the next minute again, for a Redis that has forgotten them."""
    async with begin(db) as work:
        seconds = await sweeps.seconds_ahead(work)
    await ringer.arm(seconds, work.now)


async def sweep_rows(db: AsyncEngine, ringer: Ringer) -> tuple[int, set[str]]:
    """Do what is due to the rows; return how many reminders fired, and the channels with something to send."""
    await resume_paused(db, ringer)
    channels = await recover_lost(db)
    fired, claimed = await claim_all(db, ringer)
    return fired, channels | claimed
