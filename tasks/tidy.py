"""Tidying: what has served its time is removed, what was left open is closed."""

from core.work import Work
from crud import dispatch, idempotency

# Rows of one transaction, so that nobody waits for the tidying.
BATCH = 5_000


async def tidy(work: Work) -> int:
    """Forget idempotency keys that are older than a day and close what was left open; return how many rows."""
    return await idempotency.forget_old(work, BATCH) + await dispatch.close_left(work.conn, BATCH)
