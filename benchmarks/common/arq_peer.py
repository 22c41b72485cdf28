"""The nearest peer: arq with one deferred job per reminder, as one would write and tune it by hand.

It keeps one row per reminder, no occurrence and no attempt, and speaks to the same sink by the same client: Slack's
own kit over one kept session.
"""

import asyncio
import os
from datetime import datetime
from typing import Any

import aiohttp
import asyncpg
from arq import create_pool
from arq.connections import RedisSettings
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.common.stage import Stage

TABLE = """
create table if not exists peer_reminders (
    id bigint primary key, channel text not null, message text not null, due_at timestamptz not null,
    status text not null default 'pending', sent_at timestamptz
)
"""
FILL = """
insert into peer_reminders (id, channel, message, due_at)
select n, 'C' || lpad(n::text, 9, '0'), 'Send invoice ' || n, $2 from generate_series(1, $1) as n
"""
MARK = "update peer_reminders set status = 'sent', sent_at = clock_timestamp() where id = $1"
DONE = "select count(*) filter (where status = 'sent') from peer_reminders"
LATENESS = "select extract(epoch from sent_at - due_at)::float8 from peer_reminders where status = 'sent' order by 1"
IN_FLIGHT = 50


async def remind(ctx: dict[str, Any], number: int) -> None:
    """Send one reminder and write that it was sent."""
    database = ctx["database"]
    row = await database.fetchrow("select channel, message, status from peer_reminders where id = $1", number)
    if row["status"] != "pending":
        return
    answer = await ctx["slack"].chat_postMessage(channel=row["channel"], text=row["message"])
    if answer["ok"]:
        await database.execute(MARK, number)


async def startup(ctx: dict[str, Any]) -> None:
    """Open a pool of connections and an HTTP session."""
    ctx["database"] = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10)
    ctx["session"] = aiohttp.ClientSession()
    ctx["slack"] = AsyncWebClient(
        os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"], session=ctx["session"], retry_handlers=[]
    )


async def shutdown(ctx: dict[str, Any]) -> None:
    """Close them."""
    await ctx["session"].close()
    await ctx["database"].close()


async def schedule(conn: asyncpg.Connection, stage: Stage, count: int, at: datetime) -> None:
    """Write the rows and the deferred jobs of a herd."""
    await conn.execute(TABLE)
    await conn.execute("truncate peer_reminders")
    await conn.execute(FILL, count, at)
    await conn.execute("vacuum analyze peer_reminders")
    pool = await create_pool(_redis(stage.redis_url))
    for first in range(1, count + 1, IN_FLIGHT):
        numbers = range(first, min(first + IN_FLIGHT, count + 1))
        await asyncio.gather(*(pool.enqueue_job("remind", n, _job_id=f"remind:{n}", _defer_until=at) for n in numbers))
    await pool.aclose()


def _redis(url: str) -> RedisSettings:
    return RedisSettings(unix_socket_path=url.removeprefix("unix://"))


class WorkerSettings:
    """Tuned: many jobs at a time, a short poll, no results kept, no line logged for each job."""

    functions = (remind,)
    on_startup = startup
    on_shutdown = shutdown
    redis_settings = _redis(os.environ.get("REDIS_URL", "unix:///nowhere"))
    max_jobs = 100
    poll_delay = 0.02
    queue_read_limit = 1000
    keep_result = 0
    log_results = False
