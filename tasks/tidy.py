"""Tidying: what has served its time is removed."""

from core.work import Work
from crud import idempotency

# Rows of one transaction, so that nobody waits for the tidying.
BATCH = 5_000


async def tidy(work: Work) -> int:
    """Forget idempotency keys that are older than a day; return how many."""
    return await idempotency.forget_old(work, BATCH)
