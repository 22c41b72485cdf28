"""Limits under many attempts at the same moment."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from core.work import begin
from crud import limits
from crud.limits import Bucket
from models import limits as table
from tests.fixtures.rows import Rows

HOUR = timedelta(hours=1)


async def test_a_hundred_at_once_are_not_one(rows: Rows) -> None:
    """Of many at the same moment no more get through than one after the other."""
    bucket = Bucket("tests", "key", 5, HOUR)

    async def hit() -> bool:
        async with begin(rows.db) as work:
            return await limits.hit_all(work, rows.settings, bucket) is None

    assert sum(await asyncio.gather(*(hit() for _ in range(40)))) == 6


async def test_the_order_of_keys_locks_nobody_up(rows: Rows) -> None:
    """Attempts that name the same keys in different orders, and forgive in others, all come to an end."""
    first, second, third = (Bucket("tests", name, 1000, HOUR) for name in ("one", "two", "three"))
    orders = ((first, second, third), (third, second, first), (second, third, first))

    async def hit(number: int) -> None:
        async with begin(rows.db) as work:
            await limits.hit_all(work, rows.settings, *orders[number % 3])
        async with begin(rows.db) as work:
            await limits.forgive(work, rows.settings, *orders[number % 2], wholly=orders[number % 3][:1])

    async with asyncio.timeout(30):
        ended = await asyncio.gather(*(hit(number) for number in range(60)), return_exceptions=True)
    assert ended == [None] * 60


async def test_what_is_refused_at_the_last_moment_is_not_counted_elsewhere(rows: Rows) -> None:
    """When another attempt blocks a key after this one has looked, this one's other keys are as they were."""
    shared = Bucket("tests", "shared", 1, HOUR)
    own = [Bucket("tests", f"own {number}", 9, HOUR) for number in range(6)]
    async with begin(rows.db) as work:
        await limits.hit_all(work, rows.settings, shared, *own[:3])
    before = {row.key_hash: row.level for row in await _kept(rows)}

    async def late() -> bool:
        async with begin(rows.db) as work:
            return await limits.hit_all(work, rows.settings, shared, *own) is not None

    async with begin(rows.db) as work:
        await limits.hit_all(work, rows.settings, shared)
        refused = asyncio.create_task(late())
        # It waits for the row that this transaction has locked.
        await _until_waiting(rows)
    assert await refused
    after = {row.key_hash: row.level for row in await _kept(rows)}
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {shared.hash(rows.settings)}


async def _kept(rows: Rows) -> Sequence[Row[Any]]:
    async with rows.db.connect() as conn:
        return (await conn.execute(select(table))).all()


async def _until_waiting(rows: Rows) -> None:
    """Return when some transaction waits for a lock."""
    async with asyncio.timeout(10), rows.db.connect() as conn:
        waiting = "select exists (select from pg_locks where not granted)"
        while not (await conn.exec_driver_sql(waiting)).scalar_one():
            await asyncio.sleep(0.01)
