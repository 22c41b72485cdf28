"""Answers kept under an Idempotency-Key: the unique key decides where the lock could not."""

import hashlib
from uuid import UUID

import pytest
from sqlalchemy import select, text

from core.settings import Settings
from core.work import begin
from crud import idempotency
from crud.idempotency import NOBODY, Answer, AnswerLost, Attempt, KeyInUse
from models import idempotency_keys
from tests.fixtures.rows import Rows

FIRST = Attempt("invoices", b"one request")
SECOND = Attempt("invoices", b"another request")


async def keep(rows: Rows, user_id: UUID, attempt: Attempt, body: bytes) -> None:
    """Keep an answer in a transaction of its own."""
    async with begin(rows.db) as work:
        await idempotency.store(work, rows.settings, user_id, attempt, Answer(201, {"etag": '"1"'}, body))


async def kept(rows: Rows, user_id: UUID) -> tuple[bytes, bytes]:
    """Return the hash and the body that are kept, which is sealed."""
    async with begin(rows.db) as work:
        row = (await work.conn.execute(select(idempotency_keys))).one()
        answer = Answer(row.status_code, row.headers, row.body)
        opened = await idempotency.again(work, rows.settings, user_id, Attempt(row.key, b""), answer)
        return row.request_hash, opened.body


async def test_who_was_faster_is_not_overwritten(rows: Rows) -> None:
    """A request that did not see the first one's answer, though it was there, fails whole and may be repeated."""
    user_id = await rows.person()
    await keep(rows, user_id, FIRST, b'"first"')
    with pytest.raises(KeyInUse):
        await keep(rows, user_id, SECOND, b'"second"')
    assert await kept(rows, user_id) == (b"one request", b'"first"')


async def test_a_key_that_outlived_its_day_is_new_again(rows: Rows) -> None:
    """An answer older than 24 hours, not yet tidied away, gives its place to the next."""
    user_id = await rows.person()
    await keep(rows, user_id, FIRST, b'"first"')
    async with rows.db.begin() as conn:
        await conn.execute(text("update idempotency_keys set created_at = created_at - interval '24 hours'"))
    await keep(rows, user_id, SECOND, b'"second"')
    assert await kept(rows, user_id) == (b"another request", b'"second"')


async def test_an_answer_is_sealed_for_its_row(rows: Rows) -> None:
    """Whoever reads the table reads no answer, and one that is moved to another key is not given."""
    await keep(rows, NOBODY, FIRST, b'{"key": "rk_secret"}')
    async with begin(rows.db) as work:
        row = (await work.conn.execute(select(idempotency_keys))).one()
        assert b"rk_secret" not in row.body
        with pytest.raises(AnswerLost):
            await idempotency.again(work, rows.settings, NOBODY, Attempt("other", b""), Answer(201, {}, row.body))


def test_a_stranger_is_known_by_the_whole_request(settings: Settings) -> None:
    """Two strangers under one key do not meet, unless their requests are the same; a hash tells nothing of them."""
    ada, bob = (Attempt.of(settings, "key", body) for body in (b"password of ada", b"password of bob"))
    assert ada.by_nobody().key != bob.by_nobody().key
    assert ada.by_nobody() == Attempt.of(settings, "key", b"password of ada").by_nobody()
    assert ada.request_hash != hashlib.sha256(b"password of ada").digest()
