"""Tidying removes what has served its time, and nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.work import begin
from models import idempotency_keys, limits, occurrences, refresh_tokens, sessions
from tasks.tidy import tidy
from tests.fixtures.rows import Rows


async def _sign_in(rows: Rows, user_id: UUID, at: datetime, expires_at: datetime) -> None:
    """Write a session and its refresh token."""
    async with rows.db.begin() as conn:
        made = sessions.insert().values(user_id=user_id, created_at=at).returning(sessions.c.id)
        session_id = (await conn.execute(made)).scalar_one()
        token = {"token_hash": str(at).encode(), "session_id": session_id, "expires_at": expires_at}
        await conn.execute(refresh_tokens.insert().values(token))


async def test_what_is_old_goes_and_what_is_young_stays(rows: Rows) -> None:
    """Of two of everything, one long ago and one now, the younger is left."""
    now = datetime.now(UTC)
    ada = await rows.person()
    for at in (now - timedelta(days=60), now):
        await _sign_in(rows, ada, at, at + timedelta(days=30))
        failed = {"key_hash": str(at).encode(), "level": 1, "last_at": at, "blocked_until": at}
        kept = {"user_id": ada, "key": str(at), "request_hash": b"", "status_code": 201, "headers": {}, "body": b""}
        async with rows.db.begin() as conn:
            await conn.execute(limits.insert().values(failed))
            await conn.execute(idempotency_keys.insert().values(**kept, created_at=at))
    async with begin(rows.db) as work:
        assert await tidy(work, rows.settings) == 4
    async with rows.db.connect() as conn:
        for table in (sessions, refresh_tokens, limits, idempotency_keys):
            assert len((await conn.execute(table.select())).all()) == 1


async def test_an_occurrence_that_was_left_open_is_closed(rows: Rows) -> None:
    """Whoever ended the last delivery may die before closing the occurrence; tidying does it."""
    await rows.solo(completion=None)
    await rows.solo(completion="any")
    await rows.claim()
    await rows.execute("update deliveries set status = 'delivered'")
    async with begin(rows.db) as work:
        await tidy(work, rows.settings)
    assert sorted(row.status for row in await rows.all(occurrences)) == ["closed", "open"]
