"""Answers kept under an Idempotency-Key: the unique key decides where the lock could not."""

from uuid import UUID

import pytest
from sqlalchemy import select, text

from core.work import begin
from crud import idempotency
from crud.idempotency import Answer, Attempt, KeyInUse
from models import idempotency_keys
from tests.fixtures.rows import Rows

FIRST = Attempt("invoices", b"one request")
SECOND = Attempt("invoices", b"another request")


async def keep(rows: Rows, user_id: UUID, attempt: Attempt, body: bytes) -> None:
    """Keep an answer in a transaction of its own."""
    async with begin(rows.db) as work:
        await idempotency.store(work, user_id, attempt, Answer(201, {"etag": '"1"'}, body))


async def kept(rows: Rows) -> tuple[bytes, bytes]:
    """Return the hash and the body that are kept."""
    async with rows.db.connect() as conn:
        columns = select(idempotency_keys.c.request_hash, idempotency_keys.c.body)
        request_hash, body = (await conn.execute(columns)).one()
        return request_hash, body


async def test_who_was_faster_is_not_overwritten(rows: Rows) -> None:
    """A request that did not see the first one's answer, though it was there, fails whole and may be repeated."""
    user_id = await rows.person()
    await keep(rows, user_id, FIRST, b"first")
    with pytest.raises(KeyInUse):
        await keep(rows, user_id, SECOND, b"second")
    assert await kept(rows) == (b"one request", b"first")


async def test_a_key_that_outlived_its_day_is_new_again(rows: Rows) -> None:
    """An answer older than 24 hours, not yet tidied away, gives its place to the next."""
    user_id = await rows.person()
    await keep(rows, user_id, FIRST, b"first")
    async with rows.db.begin() as conn:
        await conn.execute(text("update idempotency_keys set created_at = created_at - interval '24 hours'"))
    await keep(rows, user_id, SECOND, b"second")
    assert await kept(rows) == (b"another request", b"second")
