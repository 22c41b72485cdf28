"""The long form (`make chaos`): what needs a minute to show itself."""

import asyncio
import signal

import pytest

from tests.chaos.harness.seed import in_seconds, one_shots
from tests.chaos.harness.stage import Stage

pytestmark = [pytest.mark.chaos, pytest.mark.processes, pytest.mark.timeout(300)]


async def test_a_worker_that_was_asleep_is_fenced(stage: Stage) -> None:
    """Stopped for 30 s in the middle of many sends: another takes over, and the sleeper changes nothing."""
    stage.sinks.slack.delay = 0.5
    sleeper = await stage.worker()
    expected = await one_shots(stage.rows, [in_seconds(0)] * 300)
    await stage.until("select count(*) from deliveries where status = 'sending'", 20, sleeper)
    sleeper.send(signal.SIGSTOP)
    await stage.worker()
    await asyncio.sleep(30)
    sleeper.send(signal.SIGCONT)
    await stage.drained(60)
    await asyncio.sleep(3)
    verdict = await stage.verdict(expected)
    assert verdict.faults == {}
    assert sum((await stage.unknown()).values()) >= verdict.duplicates
    assert "delivery.fenced" in sleeper.words


async def test_workers_killed_every_three_seconds(stage: Stage) -> None:
    """For 45 s the older of two workers is killed with -9 every three seconds, while 450 reminders fall due."""
    stage.sinks.slack.delay = 0.1
    workers = [await stage.worker(), await stage.worker()]
    expected = await one_shots(stage.rows, [in_seconds(n % 45) for n in range(450)])
    for _ in range(15):
        await asyncio.sleep(3)
        workers.pop(0).kill()
        workers.append(await stage.worker())
    await stage.drained(90)
    verdict = await stage.verdict(expected)
    assert verdict.faults == {}


async def test_workers_restarted_in_turn(stage: Stage) -> None:
    """A rolling restart every three seconds, for 30 s, doubles nothing at all."""
    stage.sinks.slack.delay = 0.1
    workers = [await stage.worker(), await stage.worker()]
    expected = await one_shots(stage.rows, [in_seconds(n % 30) for n in range(450)])
    for _ in range(10):
        await asyncio.sleep(3)
        assert await workers.pop(0).terminate() < 10
        workers.append(await stage.worker())
    await stage.drained(60)
    verdict = await stage.verdict(expected)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)
    assert await stage.unknown() == {}
