"""Alembic's door: takes the connection that `migrations.run` hands over, or opens one from the settings."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from core.db import open_engine
from core.settings import get_settings
from models import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


async def _run_alone() -> None:
    url = get_settings().database_url
    if url is None:
        message = "DATABASE_URL is not set; `reminders up` migrates its embedded database by itself"
        raise SystemExit(message)
    engine = open_engine(url.get_secret_value(), pool_size=None)
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_run_alone())
else:
    _run(given)
