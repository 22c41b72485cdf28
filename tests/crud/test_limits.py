"""Limits: free at first, then slower and slower, never for good; and time forgives."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, func, select, text

from core.settings import Settings
from core.work import begin
from crud import limits
from crud.limits import Bucket, TooManyAttempts
from models import limits as table
from tests.fixtures.rows import Rows

BUCKET = Bucket("tests", "ada@example.com", free=3, per=timedelta(hours=1))


async def _hit(rows: Rows, *buckets: Bucket) -> str | None:
    """Try once; return the seconds to wait if it is refused."""
    async with begin(rows.db) as work:
        refusal = await limits.hit_all(work, rows.settings, *(buckets or (BUCKET,)))
    return refusal and refusal.headers["Retry-After"]


async def _later(rows: Rows, wait: str) -> None:
    """Let time pass."""
    passed = f"interval '{wait}'"
    await rows.execute(f"update limits set last_at = last_at - {passed}, blocked_until = blocked_until - {passed}")


async def _kept(rows: Rows) -> Sequence[Row[Any]]:
    async with rows.db.connect() as conn:
        return (await conn.execute(select(table))).all()


async def _level(rows: Rows) -> float:
    async with rows.db.connect() as conn:
        return float((await conn.execute(select(func.max(table.c.level)))).scalar_one() or 0)


async def test_what_is_free_costs_nothing_and_then_each_waits_twice_as_long(rows: Rows) -> None:
    """After three and one more come 1, 2, 4 ... seconds, at most a minute, and what is refused prolongs nothing."""
    assert [await _hit(rows) for _ in range(4)] == [None] * 4
    waits = []
    for _ in range(9):
        waits += [await _hit(rows), await _hit(rows)]
        await rows.execute("update limits set blocked_until = now()")
        assert await _hit(rows) is None
    assert waits == [wait for each in ("1", "2", "4", "8", "16", "32", "60", "60", "60") for wait in (each, each)]


async def test_time_forgives(rows: Rows) -> None:
    """A level sinks by what is free in the time for which it is free, and does not rise for ever."""
    for _ in range(4):
        await _hit(rows)
    await _later(rows, "20 minutes")
    assert [await _hit(rows), round(await _level(rows))] == [None, 4]
    await rows.execute("update limits set level = 1000, blocked_until = now()")
    await _hit(rows)
    assert await _level(rows) == pytest.approx(BUCKET.most)
    await _later(rows, "4 hours")
    assert [await _hit(rows), await _level(rows)] == [None, 1]


async def test_of_several_keys_none_is_counted_when_one_has_to_wait(rows: Rows) -> None:
    """An attempt is counted under all its keys or under none; the answer tells the longest wait, and whose it is."""
    other = Bucket("tests", "somebody else", free=9, per=timedelta(hours=1))
    for _ in range(4):
        await _hit(rows)
    async with begin(rows.db) as work:
        refusal = await limits.hit_all(work, rows.settings, other, BUCKET)
    assert isinstance(refusal, TooManyAttempts)
    assert refusal.headers == {
        "Retry-After": "1",
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "1",
    }
    assert len(await _kept(rows)) == 1


async def test_a_right_attempt_is_taken_back(rows: Rows) -> None:
    """Forgiving takes one back, or all of them, and lets the next one in at once."""
    for _ in range(5):
        await _hit(rows)
    for wholly, level in (((), 3), ((BUCKET,), 0)):
        async with begin(rows.db) as work:
            await limits.forgive(work, rows.settings, *(() if wholly else (BUCKET,)), wholly=wholly)
        assert round(await _level(rows)) == level
    assert await _hit(rows) is None


async def test_keys_of_different_purposes_are_different_and_say_nothing(rows: Rows, settings: Settings) -> None:
    """The same address counts for each purpose by itself, and what is stored is a keyed hash."""
    for purpose in ("one", "two"):
        await _hit(rows, Bucket(purpose, "ada@example.com", 1, timedelta(hours=1)))
    kept = [bytes(row.key_hash) for row in await _kept(rows)]
    assert len(kept) == 2
    assert {len(key) for key in kept} == {32}
    other = settings.model_copy(update={"secret_key": settings.secret_key.__class__("z" * 40)})
    assert BUCKET.hash(settings) != BUCKET.hash(other)


async def test_old_levels_are_forgotten(rows: Rows) -> None:
    """A week after its last attempt a key is deleted."""
    for age, forgotten in (("6 days", 0), ("2 days", 1)):
        await _hit(rows) if age == "6 days" else None
        await _later(rows, age)
        async with begin(rows.db) as work:
            assert await limits.forget_old(work, 10) == forgotten


async def test_processes_of_the_version_before_still_count(rows: Rows) -> None:
    """Under its former name the table takes what the former code writes, reads and tidies."""
    counted = text(
        "insert into login_failures (account_hash, failures, last_at, blocked_until) values ('x', 1, now(), now()) "
        "on conflict (account_hash) do update set failures = login_failures.failures + 1 returning failures"
    )
    async with rows.db.begin() as conn:
        assert [(await conn.execute(counted)).scalar_one() for _ in range(2)] == [1, 2]
        gone = await conn.execute(text("delete from login_failures where last_at < now() + interval '1 day'"))
        assert gone.rowcount == 1
