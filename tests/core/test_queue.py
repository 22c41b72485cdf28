"""The alarm clock: what is rung, and what is heard while Redis is away."""

import asyncio
import os
import pickle
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from arq.connections import ArqRedis
from arq.constants import default_queue_name, job_key_prefix
from arq.jobs import Job, JobStatus
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncConnection

from core.embedded import EmbeddedValkey
from core.queue import QuietRedis, Ringer, from_json, open_ringer, redis_settings, to_json, worker_pool
from core.work import Work

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def ringer(redis_url: str) -> AsyncIterator[Ringer]:
    """A ringer on an emptied Valkey."""
    ringer = open_ringer(SecretStr(redis_url))
    yield ringer
    await ringer.close()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey to be killed and frozen."""
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        yield valkey


def work(now: datetime | None = None) -> Work:
    """Return work that happened at an instant, by the database's clock."""
    # The transaction is over when the ringer gets it.
    return Work(cast("AsyncConnection", None), now or datetime.now(UTC))


async def queued(ringer: Ringer) -> dict[str, tuple[str, int]]:
    """Return function and score of every queued job by its id."""
    jobs = await ringer.redis.queued_jobs()
    return {str(job.job_id): (job.function, int(job.score or 0)) for job in jobs}


def ms(at: datetime) -> int:
    """Return an instant as arq's scores are."""
    return int(at.timestamp() * 1000)


async def test_an_alarm_is_a_second_that_all_share(ringer: Ringer) -> None:
    """Two reminders due at one second are one job, deferred to it, that arq reads as its own."""
    at = NOW + timedelta(days=1)
    for _ in range(2):
        done = work()
        done.wake(at)
        await ringer.ring(done)
    job_id = f"wake:{int(at.timestamp())}"
    assert await queued(ringer) == {job_id: ("wake", ms(at))}
    assert await Job(job_id, ringer.redis, _deserializer=from_json).status() == JobStatus.deferred


async def test_what_is_due_at_once_goes_without_the_shared_id(ringer: Ringer) -> None:
    """While `wake:<second>` runs, its id is refused; an instant within a second is rung by another, when it comes."""
    # Half a second ahead of the host's clock, so that it can be neither past nor further away.
    at = datetime.now(UTC) + timedelta(seconds=0.5)
    done = work()
    done.wake(at)
    await ringer.ring(done)
    [(job_id, (function, score))] = (await queued(ringer)).items()
    assert job_id != f"wake:{int(at.timestamp())}"
    assert (function, score) == ("wake", ms(at))


async def test_hints_and_more_never_share_an_id(ringer: Ringer) -> None:
    """Each hint for a channel, and each “there is more”, is a job of its own, due now."""
    for _ in range(2):
        done = work()
        done.hint(["email", "slack"])
        done.wake_again()
        await ringer.ring(done)
    jobs = await queued(ringer)
    assert sorted(function for function, _ in jobs.values()) == sorted(["notify_email", "notify_slack", "wake"] * 2)
    assert all(score <= ms(datetime.now(UTC)) for _, score in jobs.values())


async def executed(ringer: Ringer) -> int:
    """Return how many transactions Redis has executed."""
    stats: dict[str, Any] = await ringer.redis.info("commandstats")
    return int(stats.get("cmdstat_exec", {"calls": 0})["calls"])


async def test_rings_at_the_same_time_share_one_transmission(ringer: Ringer) -> None:
    """Whoever rings while another transmission is under way goes along with the next, and nobody is left behind."""
    works = [work() for _ in range(30)]
    for minutes, done in enumerate(works, 1):
        done.wake(NOW + timedelta(days=1, minutes=minutes))
    before = await executed(ringer)
    await asyncio.gather(*(ringer.ring(done) for done in works))
    assert len(await queued(ringer)) == 30
    assert await executed(ringer) - before == 2


async def test_a_ring_that_is_cancelled_leaves_its_round_to_the_next_in_line(ringer: Ringer) -> None:
    """A client that hangs up in the middle of its own ring takes nobody's alarm along."""
    works = [work() for _ in range(3)]
    for minutes, done in enumerate(works, 1):
        done.wake(NOW + timedelta(days=1, minutes=minutes))
    first, second, third = [asyncio.create_task(ringer.ring(done)) for done in works]
    await asyncio.sleep(0)
    await first
    second.cancel()
    await asyncio.gather(second, third, return_exceptions=True)
    assert len(await queued(ringer)) == 3


@pytest.mark.parametrize(("minutes", "moved"), [(10, True), (-10, True), (0.005, False)])
async def test_alarms_mind_a_host_whose_clock_is_wrong(ringer: Ringer, minutes: float, moved: bool) -> None:
    """Where host and database disagree by minutes, the alarm rings by the host's clock at the database's instant."""
    database_now = datetime.now(UTC) - timedelta(minutes=minutes)
    at = database_now.replace(microsecond=0) + timedelta(minutes=30)
    done = work(database_now)
    done.wake(at)
    await ringer.ring(done)
    [(_, score)] = (await queued(ringer)).values()
    assert abs(score - ms(at) - (minutes * 60_000 if moved else 0)) < 100


@pytest.mark.parametrize("fault", ["killed", "frozen"])
async def test_ringing_waits_half_a_second_at_most(valkey: EmbeddedValkey, fault: str) -> None:
    """With Redis dead or frozen a ring gives up in time, is counted, and the next ones are not even tried."""
    ringer = open_ringer(SecretStr(valkey.url))
    done = work()
    done.wake(NOW + timedelta(days=1))
    await ringer.ring(done)
    valkey.kill() if fault == "killed" else os.kill(valkey.pid, signal.SIGSTOP)
    began = time.monotonic()
    await ringer.ring(done)
    first = time.monotonic() - began
    for _ in range(10):
        await ringer.ring(done)
    assert first < 0.6
    assert time.monotonic() - began - first < 0.05
    assert ringer.presence.away
    await ringer.close()


async def test_no_redis_at_all_is_silence() -> None:
    """Without an address nothing is rung and nothing is opened."""
    silence = open_ringer(None)
    done = work()
    done.wake(NOW)
    await silence.ring(done)
    await silence.arm([NOW], NOW)
    assert not hasattr(silence, "redis")
    await silence.close()


async def answers(pool: QuietRedis) -> list[Any]:
    """Ask what arq's worker asks, in its ways."""
    async with pool.pipeline(transaction=True) as pipe:
        await pipe.watch("arq:in-progress:x")
        running = await pipe.exists("arq:in-progress:x")
    async with pool.pipeline(transaction=True) as pipe:
        pipe.get("arq:job:x")
        pipe.incr("arq:retry:x")
        collected = await pipe.execute()
    return [await pool.zrangebyscore(default_queue_name, min=0, max=10), bool(running), *collected]


@pytest.mark.parametrize("fault", ["killed", "frozen", "never there"])
async def test_a_redis_that_is_away_answers_as_an_empty_one(valkey: EmbeddedValkey, fault: str) -> None:
    """Nothing is queued, every job is running elsewhere, and nothing raises; when it is back it is heard again."""
    pool = worker_pool("unix:///nowhere/valkey.sock" if fault == "never there" else valkey.url)
    if fault == "killed":
        valkey.kill()
    elif fault == "frozen":
        os.kill(valkey.pid, signal.SIGSTOP)
    assert await answers(pool) == [[], True, None, 1]
    assert pool.presence.away
    if fault == "killed":
        valkey.start()
    elif fault == "frozen":
        os.kill(valkey.pid, signal.SIGCONT)
    if fault != "never there":
        assert (await answers(pool))[1:3] == [False, None]
        assert not pool.presence.away
    await pool.aclose(close_connection_pool=True)


async def test_a_redis_that_freezes_in_the_middle_of_a_watch_raises_nothing(valkey: EmbeddedValkey) -> None:
    """Leaving a watched pipeline asks once more; that question too may stay without an answer."""
    pool = worker_pool(valkey.url)
    async with pool.pipeline(transaction=True) as pipe:
        await pipe.watch("arq:in-progress:x")
        assert await pipe.exists("arq:in-progress:x") == 0
        os.kill(valkey.pid, signal.SIGSTOP)
    assert pool.presence.away
    os.kill(valkey.pid, signal.SIGCONT)
    assert await pool.zcard(default_queue_name) == 0
    await pool.aclose(close_connection_pool=True)


async def test_whoever_asks_redis_can_be_cancelled(redis_url: str) -> None:
    """A worker that is told to end ends, in whatever it was just asking."""
    pool = worker_pool(redis_url)

    async def poll() -> None:
        while True:
            await answers(pool)

    for number in range(60):
        polling = asyncio.create_task(poll())
        await asyncio.sleep(0.001 + number * 0.0002)
        polling.cancel()
        ended, _ = await asyncio.wait({polling}, timeout=1)
        assert ended
    await pool.aclose(close_connection_pool=True)


@pytest.mark.parametrize(
    "raw",
    [
        pickle.dumps({"f": "wake", "a": (), "k": {}, "t": 1, "et": 0}),
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"f":[],"a":[],"k":{},"t":1,"et":0}',
        b'{"f":"wake","a":[],"k":{},"t":"1","et":0}',
        b'{"f":"wake","a":[],"k":{},"t":1,"et":1e99}',
        b'{"f":"wake","a":[],"k":{},"t":1,"et":99999999999999999999}',
        b'{"f":"wake","a":[],"k":null,"t":1,"et":0}',
    ],
)
def test_what_is_no_job_of_ours_is_refused(raw: bytes) -> None:
    """Pickles, fragments and other people's JSON raise the error that arq reports and drops."""
    with pytest.raises(ValueError, match=r".*"):
        from_json(raw)


async def test_ids_that_are_no_text_are_removed(redis_url: str) -> None:
    """Arq would trip over an id that is not UTF-8, for ever; the others are read."""
    pool = worker_pool(redis_url)
    await pool.zadd(default_queue_name, {b"\xff\xfe": 1, b"wake:1": 2})
    assert await pool.zrangebyscore(default_queue_name, min=0, max=10) == [b"wake:1"]
    assert await pool.zcard(default_queue_name) == 1
    await pool.aclose(close_connection_pool=True)


async def test_a_job_survives_the_way_through_arq(redis_url: str) -> None:
    """What our serializer wrote, arq's own reading understands."""
    redis: ArqRedis = worker_pool(redis_url)
    await redis.enqueue_job("wake", _job_id="wake:1")
    plain = Redis.from_url(redis_url)
    raw = await plain.get(job_key_prefix + "wake:1")
    assert from_json(raw) == {"t": None, "f": "wake", "a": [], "k": {}, "et": from_json(raw)["et"]}
    assert to_json(from_json(raw)) == raw
    await plain.aclose()
    await redis.aclose(close_connection_pool=True)


def test_sockets_and_servers_are_understood_for_the_health_check() -> None:
    """`arq --check` looks where the worker works, database number included."""
    socket = redis_settings("unix:///tmp/some/valkey.sock?db=3")
    assert (socket.unix_socket_path, socket.database) == ("/tmp/some/valkey.sock", 3)
    server = redis_settings("redis://redis.example:6380/2")
    assert (server.host, server.port, server.database) == ("redis.example", 6380, 2)
