"""Signing in while the account changes: between two transactions, and on two connections."""

import asyncio

import pytest
from sqlalchemy import text

from core import passwords
from core.ids import uuid7
from core.work import begin
from crud import sessions
from crud.sessions import Device
from models import sessions as table
from tests.fixtures.rows import Rows

DEVICE = Device("a browser", "203.0.113.7")
CHANGED = "update users set token_version = token_version + 1"


async def test_a_changed_password_leaves_no_session_behind(rows: Rows) -> None:
    """A sign-in that proved the old password waits for the change that is under way, and then opens nothing."""
    ada = await rows.person()

    async def sign_in() -> bool:
        async with begin(rows.db) as work:
            return await sessions.begin(work, ada, 1, DEVICE) is not None

    async with begin(rows.db) as work:
        await work.conn.execute(text(CHANGED))
        late = asyncio.create_task(sign_in())
        done, _ = await asyncio.wait({late}, timeout=0.2)
        assert not done
        await sessions.end_all(work, ada, "password_changed")
    assert not await late
    assert await rows.all(table) == []


async def test_a_session_that_was_first_is_ended_by_the_change(rows: Rows) -> None:
    """The other way round, the change waits for the sign-in, sees its session, and ends it."""
    ada = await rows.person()

    async def change() -> int:
        async with begin(rows.db) as work:
            await work.conn.execute(text(CHANGED))
            return await sessions.end_all(work, ada, "password_changed")

    async with begin(rows.db) as work:
        assert await sessions.begin(work, ada, 1, DEVICE)
        late = asyncio.create_task(change())
        done, _ = await asyncio.wait({late}, timeout=0.2)
        assert not done
    assert await late == 1


@pytest.mark.parametrize("status", ["deactivated", "active"])
async def test_only_who_is_active_gets_a_session(rows: Rows, status: str) -> None:
    """Whoever was deactivated since the password was compared gets none; nor does nobody."""
    ada = await rows.person(status=status, password_hash=passwords.NOBODYS)
    async with begin(rows.db) as work:
        assert (await sessions.begin(work, ada, 1, DEVICE) is not None) == (status == "active")
        assert await sessions.begin(work, uuid7(), 1, DEVICE) is None
