"""The only worker killed with -9 at its worst moments, and started again."""

import asyncio

import pytest

from tests.chaos.harness.history import Expected, Verdict
from tests.chaos.harness.seed import in_seconds, one_shots
from tests.chaos.harness.stage import ARQ, Stage

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

POINTS = (
    "claim:before_commit",
    "claim:after_commit",
    "hint:before_enqueue",
    "sweep:mid_batch",
    "send:before_connect",
    "send:after_accept",
    "result:before_commit",
    "result:after_commit",
)
KILLED = -9
# A lease of 25 s has to run out, and the next look to find it; several stages share two cores.
RECOVERY = 60.0


async def die_and_recover(stage: Stage, point: str, number: int) -> tuple[Verdict, int]:
    """Let the only worker of a stage die at a point, start it again, and return verdict and unknown attempts."""
    expected: list[Expected] = await one_shots(stage.rows, [in_seconds(0)] * number)
    dying = stage.start(ARQ, CRASH_POINT=point)
    assert await dying.ended(30) == KILLED
    stage.start(ARQ)
    await stage.drained(RECOVERY)
    return await stage.verdict(expected), sum((await stage.unknown()).values())


async def test_whenever_the_only_worker_dies_nothing_is_lost(several_stages: list[Stage]) -> None:
    """At each crash point: nothing lost, and no more duplicates than attempts shown as unknown."""
    # More than two batches of the claim where the point lies between two of them.
    numbers = {"sweep:mid_batch": 1100}
    async with asyncio.TaskGroup() as trials:
        tasks = {
            point: trials.create_task(die_and_recover(stage, point, numbers.get(point, 40)))
            for point, stage in zip(POINTS, several_stages, strict=True)
        }
    ends = {point: task.result() for point, task in tasks.items()}
    assert {point: verdict.faults for point, (verdict, _) in ends.items() if verdict.faults} == {}
    assert all(verdict.duplicates <= unknown for verdict, unknown in ends.values())
    # The crash was where it was meant to be: a message was out, and nobody knew.
    assert ends["send:after_accept"][0].duplicates >= 1
    assert ends["claim:before_commit"][0].duplicates == ends["claim:after_commit"][0].duplicates == 0
