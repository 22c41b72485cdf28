"""The work as arq sees it: names, settings, and jobs that never fail."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import Any

import pytest
from arq.constants import default_queue_name, job_key_prefix
from arq.worker import Worker, create_worker, get_kwargs
from pydantic import SecretStr

from channels import registry
from core.queue import QuietRedis, from_json, to_json, worker_pool
from core.settings import Settings
from models import deliveries, reminders
from tasks import base
from tasks.engine import Engine, open_engine
from tests.chaos.harness.seed import in_seconds
from tests.fixtures.rows import Rows
from worker import WorkerSettings, shutdown, startup


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    """Settings with Redis; mail is printed."""
    return Settings(_env_file=None, database_url=SecretStr(database_url), redis_url=SecretStr(redis_url))


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[Engine]:
    """An engine whose loops run, as in a worker."""
    async with open_engine(settings) as engine:
        engine.start()
        yield engine


@pytest.fixture
async def pool(redis_url: str) -> AsyncIterator[QuietRedis]:
    """The pool of a worker."""
    pool = worker_pool(redis_url)
    yield pool
    await pool.aclose(close_connection_pool=True)


def burst(pool: QuietRedis, engine: Engine) -> Worker:
    """Return arq's worker with our settings, ending when the queue is empty."""
    own = {"redis_pool": pool, "ctx": {"engine": engine}, "on_startup": None, "on_shutdown": None, "cron_jobs": None}
    return create_worker(WorkerSettings, burst=True, handle_signals=False, **own)


async def test_every_setting_of_the_worker_is_read_and_as_intended() -> None:
    """Arq reads `__dict__` and ignores what it does not know; each value was chosen."""
    given = get_kwargs(WorkerSettings)
    chosen = {name: value for name, value in vars(WorkerSettings).items() if not name.startswith("__")}
    assert given == chosen
    names = {function.name for function in given.pop("functions")}
    assert names == {"wake", "notify_letters", *(f"notify_{channel}" for channel in registry())}
    [sweep] = given.pop("cron_jobs")
    assert (sweep.name, sweep.unique, sweep.second) == ("sweep", True, {0, 15, 30, 45})
    assert isinstance(given.pop("redis_pool"), QuietRedis)
    del given["redis_settings"]
    assert given == {
        "on_startup": startup,
        "on_shutdown": shutdown,
        "job_serializer": to_json,
        "job_deserializer": from_json,
        "timezone": UTC,
        "max_jobs": 10,
        "max_tries": 1,
        "job_timeout": 25,
        "job_completion_wait": 2,
        "keep_result": 0,
        "poll_delay": 0.05,
        "queue_read_limit": 1000,
        "health_check_interval": 10,
        "log_results": False,
        "retry_jobs": False,
    }


@pytest.mark.parametrize(("interval", "seconds"), [(5, set(range(0, 60, 5))), (45, {0, 45}), (3600, {0})])
def test_the_sweep_comes_at_least_once_a_minute(interval: int, seconds: set[int]) -> None:
    """SWEEP_INTERVAL becomes the seconds of arq's cron."""
    [sweep] = base.cron_jobs(interval)
    assert sweep.second == seconds


def job(name: str) -> Any:
    """Return a job's coroutine function."""
    crons = base.cron_jobs(15)
    found = {function.name: function.coroutine for function in [*base.functions(), *crons]}
    return found[name]


async def delivered(rows: Rows, number: int) -> bool:
    """Wait five seconds for so many deliveries to be written down as delivered; tell whether they are."""
    for _ in range(250):
        if [row.status for row in await rows.all(deliveries)] == ["delivered"] * number:
            return True
        await asyncio.sleep(0.02)
    return False


@pytest.mark.parametrize("name", ["wake", "sweep"])
async def test_both_clocks_call_the_same_claim(rows: Rows, settings: Settings, name: str) -> None:
    """Called without any worker, `wake` and `sweep` each claim what is due."""
    _, reminder_id = await rows.solo()
    async with open_engine(settings) as engine:
        await job(name)({"engine": engine})
    assert (await rows.one(reminders, reminder_id)).status == "completed"
    assert len(await rows.all(deliveries)) == 1


async def test_a_hint_sends_what_is_due_on_its_channel(rows: Rows, engine: Engine) -> None:
    """`notify_email` starts the dispatcher of mail."""
    await rows.solo()
    await rows.claim()
    await job("notify_email")({"engine": engine})
    assert await delivered(rows, 1)


async def test_a_job_never_fails(settings: Settings) -> None:
    """With the database gone a job logs and ends; a failed job would be lost, and its kind with it."""
    away = settings.model_copy(update={"database_url": SecretStr("postgresql:///x?host=/nowhere")})
    async with open_engine(away) as engine:
        for name in ("wake", "sweep", "notify_email"):
            assert await job(name)({"engine": engine}) is None


async def test_arq_drains_what_the_ringer_rang(rows: Rows, engine: Engine, pool: QuietRedis) -> None:
    """A claim rings for the channel, and arq's own worker runs alarm and hint to the end."""
    await rows.solo()
    _, work = await rows.claim()
    work.wake_again()
    await engine.ringer.ring(work)
    queued = {job.function for job in await pool.queued_jobs()}
    assert queued == {"wake", "notify_email"}
    assert await burst(pool, engine).run_check() == 2
    assert await delivered(rows, 1)


async def test_the_sweep_sets_forgotten_alarms_again(rows: Rows, engine: Engine, pool: QuietRedis) -> None:
    """After an emptied Redis the sweep arms the seconds of the next minute, and no others."""
    soon = in_seconds(20)
    for at in (soon, soon, soon + timedelta(minutes=10)):
        await rows.solo(next_run_at=at)
    await engine.sweep()
    assert [job.job_id for job in await pool.queued_jobs()] == [f"wake:{int(soon.timestamp())}"]


class Bomb:
    """What a pickle can do: anything."""

    exploded = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Explode when read."""
        return exec, ("from tests.tasks.test_base import Bomb; Bomb.exploded = True",)


async def test_garbage_and_bombs_in_the_queue_hurt_nobody(rows: Rows, engine: Engine, pool: QuietRedis) -> None:
    """A pickle is not run, other people's JSON is dropped, and the job among them is done."""
    await rows.solo()
    garbage = [
        pickle.dumps(Bomb()),
        b"\x00\xff",
        b'{"f":["wake"],"a":[],"k":{},"t":1,"et":1}',
        b'{"f":"wake","a":[],"k":{},"t":"many","et":1}',
        b'{"f":"wake","a":[],"k":{},"t":1,"et":1e300}',
        b'{"f":"nobody","a":[],"k":{},"t":1,"et":1}',
        b'{"f":"wake","a":[7],"k":{"x":1},"t":1,"et":1}',
    ]
    for number, raw in enumerate(garbage):
        await pool.set(f"{job_key_prefix}{number}", raw)
        await pool.zadd(default_queue_name, {str(number): 1})
    await pool.zadd(default_queue_name, {b"\xff": 1, "without a job": 1})
    await pool.enqueue_job("wake")
    worker = burst(pool, engine)
    await worker.async_run()
    # The wake, and the hint that its claim gave.
    assert (worker.jobs_complete, worker.jobs_failed) == (2, len(garbage) + 1)
    assert not Bomb.exploded
    assert await pool.zcard(default_queue_name) == 0
    assert await delivered(rows, 1)


async def test_one_hint_fifty_times_sends_once(rows: Rows, engine: Engine, pool: QuietRedis) -> None:
    """Hints are no orders: the rows say what is to be sent."""
    for _ in range(3):
        await rows.solo()
    for _ in range(50):
        await pool.enqueue_job("wake")
        await pool.enqueue_job("notify_email")
    await burst(pool, engine).run_check()
    assert await delivered(rows, 3)
    assert {row.attempt_count for row in await rows.all(deliveries)} == {1}
