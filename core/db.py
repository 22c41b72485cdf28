"""The database: one engine per process, Core on asynchronous connections."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import ExceptionContext
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


def open_engine(
    url: str,
    *,
    pool_size: int | None,
    options: Mapping[str, str] | None = None,
    answer_seconds: float | None = None,
) -> AsyncEngine:
    """Return an engine that keeps `pool_size` connections, or none at all for None.

    `options` are PostgreSQL settings of each connection, such as `statement_timeout`. A statement without an answer
    for `answer_seconds` raises TimeoutError, because a server that is frozen or cut off resets nothing.
    """
    pool: dict[str, Any] = {"poolclass": NullPool}
    if pool_size is not None:
        # A connection that died while it was idle is noticed by the error it gives, which empties the
        # pool; a ping before every request would cost a round trip for nothing.
        pool = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": POOL_SECONDS, "pool_use_lifo": True}
    engine = create_async_engine(
        async_url(url),
        **pool,
        # Errors and logs of SQLAlchemy repeat statements, but not what people wrote.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": answer_seconds,
            "server_settings": {"application_name": "reminders", "timezone": "UTC", "jit": "off", **(options or {})},
        },
    )
    event.listen(engine.sync_engine, "handle_error", _give_up)
    return engine


def _give_up(failed: ExceptionContext) -> None:
    """Let one connection on which no answer came speak for all that are as old.

    SQLAlchemy throws away only this one, and takes leave of it for two seconds; behind a cut cable each of the others
    would be found out by somebody who waits in vain.
    """
    if isinstance(failed.original_exception, TimeoutError):
        failed.invalidate_pool_on_disconnect = True
        connection = failed.connection
        if connection is not None and not connection.invalidated:
            driver: Any = connection.connection.driver_connection
            driver.terminate()
