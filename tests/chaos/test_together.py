"""Several at the same rows, and ends that are asked for."""

import os
import signal

import pytest

from core.embedded import EmbeddedValkey
from tests.chaos.harness.seed import in_seconds, one_shots
from tests.chaos.harness.stage import SWEEP, WORKER, Stage

pytestmark = pytest.mark.processes


async def test_two_workers_and_two_sweeps_double_nothing(stage: Stage) -> None:
    """Four processes that all see the same due rows send each message once."""
    for words in (WORKER, WORKER):
        await stage.worker(words)
    expected = await one_shots(stage.rows, [in_seconds(n % 3) for n in range(300)])
    for _ in range(2):
        stage.start((*SWEEP, "--interval", "0.01"))
    await stage.drained()
    verdict = await stage.verdict(expected)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)


async def test_a_worker_asked_to_end_doubles_nothing(stage: Stage) -> None:
    """SIGTERM in the middle of many sends: what is under way ends, is written, and the next worker goes on."""
    stage.sinks.slack.delay = 0.3
    first = await stage.worker()
    expected = await one_shots(stage.rows, [in_seconds(0)] * 300)
    await stage.until("select count(*) from deliveries where status = 'delivered'", 20, first)
    second = await stage.worker()
    assert await first.terminate() < 10
    await stage.until("select count(*) from deliveries where status = 'delivered'", 120, second)
    assert await second.terminate() < 10
    assert await stage.unknown() == {}
    await stage.worker()
    await stage.drained()
    verdict = await stage.verdict(expected)
    assert (verdict.faults, verdict.duplicates) == ({}, 0)


async def test_a_worker_ends_in_time_though_everything_hangs(stage: Stage, valkey: EmbeddedValkey) -> None:
    """SIGTERM while every send hangs, and Redis is frozen: the process is gone within ten seconds."""
    stage.sinks.slack.delay = 60
    worker = await stage.worker()
    await one_shots(stage.rows, [in_seconds(0)] * 10)
    await stage.until("select count(*) from deliveries where status = 'sending'", 1, worker)
    os.kill(valkey.pid, signal.SIGSTOP)
    assert await worker.terminate() < 10
