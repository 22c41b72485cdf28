"""Each mode of operation, alone, gets a reminder out."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.chaos.harness.caller import Caller, sign_up
from tests.chaos.harness.history import Expected
from tests.chaos.harness.seed import in_seconds
from tests.chaos.harness.stage import ARQ, SWEEP, WORKER, Stage

pytestmark = pytest.mark.processes

OPS_TOKEN = "operations-token-for-tests"


async def remind(caller: Caller, title: str = "Mode") -> list[Expected]:
    """Ask by the API for a reminder that is due in a moment."""
    at = in_seconds(0)
    assert (await caller.remind(title, at)).status_code == 201
    return [Expected(title, at.timestamp())]


async def arrived(stage: Stage, expected: list[Expected], seconds: float) -> bool:
    """Return whether it arrived once and not later than so many seconds."""
    await stage.drained()
    verdict = await stage.verdict(expected)
    return (verdict.faults, verdict.duplicates) == ({}, 0) and verdict.latest < seconds


@pytest.mark.parametrize("words", [ARQ, WORKER], ids=["arq", "reminders-worker"])
async def test_a_worker_with_redis(stage: Stage, words: tuple[str, ...]) -> None:
    """`arq worker.WorkerSettings` and `reminders worker` deliver on time."""
    async with stage.api() as client:
        caller = await sign_up(client)
        await stage.worker(words)
        assert await arrived(stage, await remind(caller), 2)


async def test_a_worker_without_redis(stage: Stage) -> None:
    """`reminders worker` needs no Redis to be on time."""
    stage.redis_url = None
    async with stage.api() as client:
        caller = await sign_up(client)
        await stage.worker(WORKER, REDIS_URL="redis://127.0.0.1:1/0")
        assert await arrived(stage, await remind(caller), 2)


async def test_the_sweep_without_a_worker(stage: Stage) -> None:
    """`reminders sweep` alone claims and delivers, with neither queue nor worker, and ends on SIGTERM."""
    stage.redis_url = None
    async with stage.api() as client:
        caller = await sign_up(client)
        sweep = stage.start((*SWEEP, "--interval", "0.01"))
        assert await arrived(stage, await remind(caller), 15)
    assert await sweep.terminate() < 5


async def test_one_sweep_from_a_cron(stage: Stage) -> None:
    """`reminders sweep --once` delivers what is due and ends by itself."""
    stage.redis_url = None
    async with stage.api() as client:
        expected = await remind(await sign_up(client))
    await asyncio.sleep(max(0.0, expected[0].at - datetime.now(UTC).timestamp()))
    assert await stage.start((*SWEEP, "--once")).ended(20) == 0
    assert (await stage.verdict(expected)).faults == {}


async def test_the_api_sweeps_and_delivers(stage: Stage) -> None:
    """With SWEEP_IN_API the API is all that is needed."""
    stage.redis_url = None
    async with stage.api(SWEEP_IN_API="true") as client:
        assert await arrived(stage, await remind(await sign_up(client)), 2)


async def test_a_cron_that_calls_the_api(stage: Stage) -> None:
    """`POST /ops/sweep` delivers what is due before it answers."""
    stage.redis_url = None
    async with stage.api(OPS_TOKEN=OPS_TOKEN) as client:
        expected = await remind(await sign_up(client))
        await asyncio.sleep(max(0.0, expected[0].at - datetime.now(UTC).timestamp()))
        swept = await client.post("/ops/sweep", headers={"Authorization": f"Bearer {OPS_TOKEN}"})
        assert (swept.status_code, swept.json()["reminders"]) == (200, 1)
        assert (await stage.verdict(expected)).faults == {}
