"""Redis emptied, killed, frozen: it is an alarm clock, and nothing hangs on it."""

import asyncio
import os
import signal
import time
from datetime import timedelta

import pytest
import redis.asyncio

from core.embedded import EmbeddedValkey
from tests.chaos.harness.caller import sign_up
from tests.chaos.harness.history import Expected
from tests.chaos.harness.seed import in_seconds, one_shots
from tests.chaos.harness.stage import Stage

pytestmark = pytest.mark.processes


async def flush_every_second(url: str) -> None:
    """Forget everything, again and again."""
    async with redis.asyncio.from_url(url) as client:
        while True:
            await client.flushall()
            await asyncio.sleep(1)


async def test_an_emptied_redis_loses_doubles_and_hurries_nothing(stage: Stage, valkey: EmbeddedValkey) -> None:
    """While 300 reminders fall due over ten seconds, FLUSHALL every second changes nothing that anybody sees."""
    await stage.worker()
    await stage.worker()
    first = in_seconds(1)
    expected = await one_shots(stage.rows, [first + timedelta(seconds=n % 10) for n in range(300)])
    flushing = asyncio.create_task(flush_every_second(valkey.url))
    await stage.drained()
    flushing.cancel()
    verdict = await stage.verdict(expected)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)
    assert verdict.latest < 5


@pytest.mark.parametrize("fault", ["killed", "frozen"])
async def test_reminders_arrive_and_are_accepted_without_redis(
    stage: Stage, valkey: EmbeddedValkey, fault: str
) -> None:
    """With Redis dead or frozen a reminder is accepted within a second and arrives within five."""
    async with stage.api() as client:
        caller = await sign_up(client)
        await stage.worker()
        first = in_seconds(3)
        expected = await one_shots(stage.rows, [first + timedelta(seconds=n % 3) for n in range(60)])
        valkey.kill() if fault == "killed" else os.kill(valkey.pid, signal.SIGSTOP)
        for n in range(3):
            began = time.monotonic()
            answer = await caller.remind(f"Posted {n}", first + timedelta(seconds=1))
            assert (answer.status_code, time.monotonic() - began < 1) == (201, True)
            expected.append(Expected(f"Posted {n}", first.timestamp() + 1))
        await stage.drained()
    verdict = await stage.verdict(expected)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)
    assert verdict.latest < 5


async def test_a_worker_lives_through_redis_dying_freezing_and_coming_back(
    stage: Stage, valkey: EmbeddedValkey
) -> None:
    """Killed and restarted, stopped and continued several times: the same worker delivers, and hears Redis again."""
    worker = await stage.worker()
    expected = await one_shots(stage.rows, [in_seconds(n % 8) for n in range(80)])
    for _ in range(2):
        valkey.kill()
        await asyncio.sleep(0.7)
        valkey.start()
        await asyncio.sleep(0.7)
        os.kill(valkey.pid, signal.SIGSTOP)
        await asyncio.sleep(2.5)
        os.kill(valkey.pid, signal.SIGCONT)
    await stage.drained()
    assert worker.running
    assert "redis.back" in worker.words
    verdict = await stage.verdict(expected)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)
