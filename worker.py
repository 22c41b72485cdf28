"""The arq door: `arq worker.WorkerSettings`."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC
from typing import Any

from core import collector, logs, loops
from core.queue import from_json, redis_settings, to_json, worker_pool
from core.settings import get_settings
from tasks import base
from tasks.engine import open_engine

# arq takes the loop that it finds, and its own would be asyncio's, a sixth slower (`make bench NAME=herd`).
asyncio.set_event_loop(loops.new_loop())
_settings = get_settings()
_redis_url = _settings.redis_url.get_secret_value() if _settings.redis_url else "redis://127.0.0.1:6379"


async def startup(ctx: dict[str, Any]) -> None:
    """Open the engine and start sweeping from PostgreSQL, whatever becomes of Redis."""
    logs.configure(_settings)
    stack = ctx["stack"] = AsyncExitStack()
    ctx["engine"] = await stack.enter_async_context(open_engine(_settings))
    await ctx["engine"].prepare()
    ctx["engine"].start()
    collector.calm()


async def shutdown(ctx: dict[str, Any]) -> None:
    """Let what is under way end, and write it down."""
    # Asked to end before it had started, the process has nothing to close.
    if "stack" in ctx:
        await ctx["stack"].aclose()


class WorkerSettings:
    """What arq reads, flat: inherited attributes would be ignored."""

    functions = base.functions()
    cron_jobs = base.cron_jobs(_settings.sweep_interval)
    on_startup = startup
    on_shutdown = shutdown
    # The pool outlives an absent Redis; the settings serve `arq --check`.
    redis_pool = worker_pool(_redis_url)
    redis_settings = redis_settings(_redis_url)
    job_serializer = to_json
    job_deserializer = from_json
    timezone = UTC
    max_jobs = 10
    max_tries = 1
    job_timeout = 25
    # Asked to end, jobs may finish: arq skips `on_shutdown` when one is cancelled in the middle of its own business.
    job_completion_wait = 2
    keep_result = 0
    poll_delay = 0.05
    queue_read_limit = 1000
    health_check_interval = 10
    log_results = False
    retry_jobs = False
