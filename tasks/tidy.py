"""Tidying: what has served its time is removed, what was left open is closed."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.settings import Settings
from core.work import Work, begin
from crud import (
    audit,
    dispatch,
    email_changes,
    idempotency,
    invitations,
    letters,
    limits,
    proofs,
    retention,
    sessions,
    team_ends,
)

log = structlog.get_logger()

# Rows of one transaction, so that nobody waits for the tidying.
BATCH = 5_000
# A million rows an hour may end; so much can be removed in one, and a backlog shrinks.
ROUNDS = 50
EVERY_SECONDS = 600.0
# The number of the advisory lock: of many processes one tidies, the others need not look.
LOCK = 5_902_637_114


async def watch(database: AsyncEngine, settings: Settings) -> None:
    """Tidy every ten minutes, and at once, in short transactions; until cancelled."""
    while True:
        try:
            await tidy_up(database, settings)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("tidy.waiting", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


async def tidy_up(database: AsyncEngine, settings: Settings) -> int:
    """Tidy as long as there is much to do, and return how many rows; nothing where another process is at it."""
    done = 0
    for _ in range(ROUNDS):
        async with begin(database) as work:
            if not (await work.conn.execute(select(func.pg_try_advisory_xact_lock(LOCK)))).scalar_one():
                return done
            rows = await tidy(work, settings)
        done += rows
        if rows < BATCH:
            break
    return done


async def tidy(work: Work, settings: Settings) -> int:
    """Forget what is old (keys, sign-ins, failures, letters, links), close what was left open; return how many rows."""
    done = (
        await idempotency.forget_old(work, BATCH)
        + await sessions.forget_old(work, BATCH)
        + await limits.forget_old(work, BATCH)
        + await letters.forget_old(work, BATCH)
        + await proofs.forget_old(work, BATCH)
        + await email_changes.forget_old(work)
        + await audit.forget_old(work, timedelta(days=settings.audit_retention), BATCH)
        + await invitations.forget_old(work, BATCH)
        + await team_ends.purge(work, BATCH)
        + await retention.forget_old(work, settings, BATCH)
        + await dispatch.close_left(work.conn, BATCH)
    )
    await audit.write(work)
    return done
