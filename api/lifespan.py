"""What the application opens when it starts, and closes when it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pkgutil import resolve_name

from fastapi import FastAPI

from core.db import open_engine
from core.outbound import open_outbound
from core.queue import open_ringer
from core.rate_limits import open_rate_limits
from core.settings import Settings

STATEMENT_TIMEOUT = "10s"
# A little longer: a server that works ends the statement itself, one that is frozen ends nothing.
ANSWER_SECONDS = 12


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open database, ringer and, where this process sweeps, the engine."""
    settings: Settings = app.state.settings
    if settings.database_url is None:
        message = "DATABASE_URL is not set; `reminders up` brings its own database"
        raise RuntimeError(message)
    async with AsyncExitStack() as stack:
        app.state.database = open_engine(
            settings.database_url.get_secret_value(),
            pool_size=settings.database_pool_size,
            options={"statement_timeout": STATEMENT_TIMEOUT},
            answer_seconds=ANSWER_SECONDS,
        )
        stack.push_async_callback(app.state.database.dispose)
        app.state.ringer = open_ringer(settings.redis_url)
        stack.push_async_callback(app.state.ringer.close)
        if limits := open_rate_limits(settings):
            app.state.rate_limits = limits
            stack.push_async_callback(limits.close)
        app.state.outbound = open_outbound(settings)
        stack.push_async_callback(app.state.outbound.close)
        if settings.sweep_in_api or settings.ops_token:
            await _open_sweeper(app, settings, stack)
        yield


async def _open_sweeper(app: FastAPI, settings: Settings, stack: AsyncExitStack) -> None:
    # By name, because the application must not import the tasks: most installations sweep elsewhere.
    engine = await stack.enter_async_context(resolve_name("tasks.engine:open_engine")(settings, "api"))
    app.state.engine = engine
    if settings.sweep_in_api:
        running = asyncio.create_task(engine.run(), name="sweep")
        stack.push_async_callback(_stop, running)


async def _stop(running: asyncio.Task[None]) -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
