"""Logins: a growing wait after failures, in PostgreSQL, where an emptied Redis does not open it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import case, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from core.errors import Unavailable
from core.sealing import keyed_hash
from core.settings import Settings
from core.work import Work
from models import login_failures

# So many may fail before anybody has to wait; then 1, 2, 4 ... seconds, at most a minute: no hard lockout,
# or whoever knows a mail address could keep its owner out.
FREE = 5
LONGEST = 60
FORGOTTEN = timedelta(days=1)


class TooManyAttempts(Unavailable):
    """Too many failed attempts; wait a little before the next one."""

    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__()
        wait = str(max(1, seconds))
        limits = {"RateLimit-Limit": str(FREE), "RateLimit-Remaining": "0", "RateLimit-Reset": wait}
        self.headers = {"Retry-After": wait, **limits}


def account_hash(settings: Settings, email: str) -> bytes:
    """Return by what an account's failures are kept, whether it exists or not."""
    return keyed_hash(settings, "login", email.lower())


def _count(key: bytes) -> ReturningInsert[Any]:
    table = login_failures.c
    # Not now(), which is when a transaction began: of many at once, each must see what those before it did.
    now = func.clock_timestamp()
    failures = case((table.last_at < now - FORGOTTEN, 1), else_=table.failures + 1)
    over = func.least(failures - FREE, 30)
    wait = case((over > 0, func.least(func.power(literal(2), over - 1), LONGEST)), else_=0)
    counted = {"failures": failures, "last_at": now, "blocked_until": now + func.make_interval(0, 0, 0, 0, 0, 0, wait)}
    statement = insert(login_failures).values(account_hash=key, failures=1, last_at=now, blocked_until=now)
    return statement.on_conflict_do_update(
        index_elements=["account_hash"], set_=counted, where=table.blocked_until <= now
    ).returning(table.failures)


async def begin(work: Work, key: bytes) -> TooManyAttempts | None:
    """Count an attempt as failed before it is tried, so that a hundred at once are not one; or refuse it."""
    if (await work.conn.execute(_count(key))).one_or_none() is not None:
        return None
    left = func.extract("epoch", login_failures.c.blocked_until - func.clock_timestamp())
    waiting = select(func.ceil(left)).where(login_failures.c.account_hash == key)
    return TooManyAttempts(int((await work.conn.execute(waiting)).scalar_one()))


async def succeed(work: Work, key: bytes) -> None:
    """Forget the failures of an account whose owner is in."""
    await work.conn.execute(delete(login_failures).where(login_failures.c.account_hash == key))


async def forget_old(work: Work) -> int:
    """Forget failures that count no more; return how many."""
    old = delete(login_failures).where(login_failures.c.last_at < work.now - FORGOTTEN)
    return (await work.conn.execute(old)).rowcount
