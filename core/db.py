"""The database: one engine per process, Core on asynchronous connections."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

# A request that waits longer than this for its database is better told so.
CONNECT_SECONDS = 5
POOL_SECONDS = 5


def async_url(url: str) -> URL:
    """Read a libpq-style URL (`postgres://`, `postgresql://`) as one for SQLAlchemy on asyncpg.

    `sslmode` becomes asyncpg's `ssl`; other query options are passed on.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    query: dict[str, Any] = dict(parsed.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername="postgresql+asyncpg", query=query)


def open_engine(url: str, *, pool_size: int | None, options: Mapping[str, str] | None = None) -> AsyncEngine:
    """Return an engine that keeps `pool_size` connections, or none at all for None.

    `options` are PostgreSQL settings of each connection, such as `statement_timeout`.
    """
    pool: dict[str, Any] = {"poolclass": NullPool}
    if pool_size is not None:
        # A connection that died while it was idle is noticed by the error it gives, which empties the
        # pool; a ping before every request would cost a round trip for nothing.
        pool = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": POOL_SECONDS, "pool_use_lifo": True}
    return create_async_engine(
        async_url(url),
        **pool,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "server_settings": {"application_name": "reminders", "timezone": "UTC", "jit": "off", **(options or {})},
        },
    )
