"""Pages follow each other without a gap, whatever is inserted, and bad cursors are refused."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, Uuid, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db import open_engine
from crud.pages import InvalidCursor, PageRequest, Sort, cut, paginate
from models.base import instant

things = Table("things", MetaData(), Column("id", Uuid, primary_key=True), instant("at"))
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
# Three at the same instant, and two with none.
AT = [NOON, NOON, NOON, NOON + timedelta(hours=1), None, None, NOON - timedelta(hours=1)]
UP = Sort(things.c.at, things.c.id, nullable=True)
DOWN = Sort(things.c.at, things.c.id, nullable=True, descending=True)


async def _read_all(conn: AsyncConnection, sort: Sort, limit: int) -> list[UUID]:
    found: list[UUID] = []
    cursor: str | None = None
    while True:
        page = PageRequest(limit, cursor)
        rows, cursor = cut((await conn.execute(paginate(select(things), sort, page))).all(), sort, page)
        found += [row.id for row in rows]
        if cursor is None:
            return found


@pytest.mark.parametrize("sort", [UP, DOWN], ids=["up", "down"])
async def test_pages_of_any_size_give_every_row_once_in_order(empty_database_url: str, sort: Sort) -> None:
    """Ties and nulls included, the pages together are what one large page holds."""
    engine = open_engine(empty_database_url, pool_size=None)
    async with engine.begin() as conn:
        await conn.run_sync(things.metadata.create_all)
        rows = [{"id": UUID(int=7 - n), "at": at} for n, at in enumerate(AT)]
        await conn.execute(insert(things), rows)
        whole = await _read_all(conn, sort, 100)
        assert len(set(whole)) == len(AT)
        for limit in (1, 2, 3, 7):
            assert await _read_all(conn, sort, limit) == whole
    await engine.dispose()


def _cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


SOME = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "not base64!",
        "\ud800",
        _cursor("not json"),
        _cursor("[]"),
        _cursor('["at"]'),
        _cursor(f'["-at", "2026-11-27T12:00:00+00:00", "{SOME}"]'),
        _cursor(f'["at", "2026-11-27T12:00:00", "{SOME}"]'),
        _cursor(f'["at", "9999-12-31T23:59:59-14:00", "{SOME}"]'),
        _cursor(f'["at", 1e400, "{SOME}"]'),
        _cursor(f'["at", {{}}, "{SOME}"]'),
        _cursor('["at", null, 7]'),
        _cursor("[" * 900),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    """Whatever a client makes of a cursor is refused before the database sees it."""
    with pytest.raises(InvalidCursor):
        paginate(select(things), UP, PageRequest(5, cursor))
