"""Tidying: what has served its time is removed, what was left open is closed."""

from core.work import Work
from crud import dispatch, idempotency, logins, sessions

# Rows of one transaction, so that nobody waits for the tidying.
BATCH = 5_000


async def tidy(work: Work) -> int:
    """Forget old idempotency keys, sign-ins and failures, and close what was left open; return how many rows."""
    return (
        await idempotency.forget_old(work, BATCH)
        + await sessions.forget_old(work, BATCH)
        + await logins.forget_old(work)
        + await dispatch.close_left(work.conn, BATCH)
    )
