"""Migrations and models say the same, and many processes may migrate at once."""

import asyncio

from core.db import open_engine
from migrations.run import current, differences, head, upgrade


async def test_autogenerate_has_nothing_to_add(database_url: str) -> None:
    """A migrated database is exactly what the models declare."""
    engine = open_engine(database_url, pool_size=None)
    async with engine.connect() as conn:
        assert await differences(conn) == []
        assert await current(conn) == head()
    await engine.dispose()


async def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    """Of three that migrate an empty database at the same time, one does it and the others find it done."""
    results = await asyncio.gather(*(upgrade(empty_database_url) for _ in range(3)))
    assert sorted((before is None, after) for before, after in results) == [
        (False, head()),
        (False, head()),
        (True, head()),
    ]
