"""A database that gives no answer and resets no connection."""

import asyncio
import time
from contextlib import AsyncExitStack, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.db import CONNECT_SECONDS, open_engine
from core.work import begin
from tests.fixtures.frozen import Freezable

PATIENCE = 1.0


async def ask(db: AsyncEngine) -> str:
    """Ask something and return how it ended."""
    try:
        async with db.begin() as conn:
            await conn.execute(text("select 1"))
    except TimeoutError:
        return "late"
    return "answered"


async def test_whoever_asks_is_told_in_time_and_nobody_waits_in_turn(freezable: Freezable) -> None:
    """The first five give up together, and the pool tries none of the dead connections again; thawed, all is well."""
    db = open_engine(freezable.url, pool_size=5, answer_seconds=PATIENCE)
    assert await asyncio.gather(*(ask(db) for _ in range(5))) == ["answered"] * 5
    with freezable.frozen():
        began = time.monotonic()
        assert await asyncio.gather(*(ask(db) for _ in range(5))) == ["late"] * 5
        assert time.monotonic() - began < PATIENCE * 1.8
        assert await asyncio.gather(*(ask(db) for _ in range(5))) == ["late"] * 5
        assert time.monotonic() - began < PATIENCE * 2 + CONNECT_SECONDS + 1
    assert await asyncio.gather(*(ask(db) for _ in range(5))) == ["answered"] * 5
    await db.dispose()


async def backends(db: AsyncEngine) -> set[int]:
    """Return the processes of PostgreSQL behind five connections of a pool."""
    async with AsyncExitStack() as stack:
        five = [await stack.enter_async_context(db.connect()) for _ in range(5)]
        return {(await conn.execute(text("select pg_backend_pid()"))).scalar_one() for conn in five}


async def test_one_connection_without_an_answer_speaks_for_all(freezable: Freezable) -> None:
    """The others are as dead behind a cut cable; each would be found out by somebody who waits in vain."""
    db = open_engine(freezable.url, pool_size=5, answer_seconds=PATIENCE)
    before = await backends(db)
    with freezable.frozen():
        assert await ask(db) == "late"
    assert before.isdisjoint(await backends(db))
    await db.dispose()


async def test_a_statement_without_sqlalchemy_is_given_up_as_quickly(freezable: Freezable) -> None:
    """Frozen in the middle of a transaction: nobody waits once more for the rollback."""
    db = open_engine(freezable.url, pool_size=1, answer_seconds=PATIENCE)
    frozen = freezable.frozen()
    with suppress(TimeoutError):
        async with begin(db) as work:
            frozen.__enter__()
            began = time.monotonic()
            await work.one("select 1")
    took = time.monotonic() - began
    frozen.__exit__(None, None, None)
    assert PATIENCE <= took < PATIENCE * 2
    assert await ask(db) == "answered"
    await db.dispose()


async def test_a_statement_that_takes_its_time_is_ended(freezable: Freezable) -> None:
    """A connection on which an answer is outstanding is thrown away, so that nobody gets somebody else's."""
    db = open_engine(freezable.url, pool_size=1, answer_seconds=PATIENCE)
    with pytest.raises(TimeoutError):
        async with db.begin() as conn:
            await conn.execute(text("select pg_sleep(5)"))
    async with db.connect() as conn:
        assert (await conn.execute(text("select 7"))).scalar_one() == 7
    await db.dispose()
