"""Migrating from a program: one advisory lock, so that many processes may start at once."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db import open_engine
from core.errors import Unavailable
from models import metadata

OLDEST_SERVER = 180000
LOCK = 7_310_579_604_181_106_025


class OldServer(Unavailable):
    """PostgreSQL 18 or newer is needed."""

    code = "old_server"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def current(connection: AsyncConnection) -> str | None:
    """Return the revision of a database, None for an empty one."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


async def upgrade(url: str) -> tuple[str | None, str | None]:
    """Bring a database to the newest revision; return the revisions before and after.

    Raises OldServer below PostgreSQL 18, which has `uuidv7()`.
    """
    engine = open_engine(url, pool_size=None)
    try:
        async with engine.begin() as connection:
            version = (await connection.execute(text("select current_setting('server_version_num')::int"))).scalar_one()
            if version < OLDEST_SERVER:
                raise OldServer
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            before = await current(connection)
            await connection.run_sync(_upgrade)
            return before, await current(connection)
    finally:
        await engine.dispose()


async def differences(connection: AsyncConnection) -> list[object]:
    """Return what autogenerate would change; a migrated database gives an empty list."""
    return await connection.run_sync(lambda sync: list(compare_metadata(MigrationContext.configure(sync), metadata)))
