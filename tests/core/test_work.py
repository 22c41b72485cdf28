"""Work: bare statements only inside a transaction."""

import pytest

from core.work import Work
from schemas.base import EARLIEST
from tests.fixtures.rows import Rows


async def test_a_bare_statement_never_runs_on_its_own(rows: Rows) -> None:
    """As the first statement it would commit by itself and survive a rollback, so it is refused."""
    async with rows.db.connect() as conn:
        work = Work(conn, EARLIEST)
        with pytest.raises(RuntimeError, match="has not begun"):
            await work.one("select 1")


async def test_a_bare_statement_is_rolled_back_with_the_rest(rows: Rows) -> None:
    """After a first statement it belongs to the transaction."""
    user_id = await rows.person()
    async with rows.db.connect() as conn:
        work = Work(conn, EARLIEST)
        await conn.exec_driver_sql("select now()")
        changed = await work.one("update users set name = 'Grace' where id = $1 returning name", user_id)
        await conn.rollback()
        name = (await conn.exec_driver_sql("select name from users")).scalar_one()
    assert changed is not None
    assert (changed["name"], name) == ("Grace", "Ada")
