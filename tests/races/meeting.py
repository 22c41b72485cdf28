"""Two transactions that meet on the same rows, each on a connection of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import uuid7
from core.work import Work, begin
from crud import dispatch
from crud.dispatch import Lanes
from tests.fixtures.rows import Rows

WAITS = 0.3

Verb = Callable[[Work], Awaitable[object]]


async def commit(rows: Rows, verb: Verb) -> None:
    """Do a verb in a transaction of its own."""
    async with begin(rows.db) as work:
        await verb(work)


async def second_waits(rows: Rows, first: Verb, second: Verb) -> None:
    """Begin `first`, see `second` wait for it, and commit both in this order."""
    async with begin(rows.db) as work:
        await first(work)
        waiting = asyncio.create_task(commit(rows, second))
        done, _ = await asyncio.wait({waiting}, timeout=WAITS)
        assert not done, "it did not wait"
    async with asyncio.timeout(5):
        await waiting


async def second_passes(rows: Rows, first: Verb, second: Verb) -> None:
    """Begin `first`, let `second` commit without waiting for it, and commit `first`."""
    async with begin(rows.db) as work:
        await first(work)
        async with asyncio.timeout(2):
            await commit(rows, second)


async def lease(conn: AsyncConnection) -> list[Any]:
    """Lease what is due on the mail channel, as a dispatcher does."""
    return list(await dispatch.claim(conn, "email", Lanes(8, (), (), 8), token=uuid7(), after=UUID(int=0)))
