"""PostgreSQL killed with -9 while the API writes and the worker delivers."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from httpx2 import RequestError

from api.lifespan import ANSWER_SECONDS
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from migrations.run import upgrade
from tests.chaos.harness.caller import Caller, sign_up
from tests.chaos.harness.history import Expected
from tests.chaos.harness.seed import in_seconds
from tests.chaos.harness.stage import Stage
from tests.fixtures.frozen import Freezable

pytestmark = pytest.mark.processes

REFUSED = 503


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Freezable]:
    """A PostgreSQL to be killed and frozen."""
    with Freezable(tmp_path / "postgres") as postgres:
        yield postgres


@pytest.fixture
async def stage(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> AsyncIterator[Stage]:
    """A stage on it."""
    await upgrade(postgres.url)
    async with Stage(postgres.url, valkey.url) as stage:
        yield stage


@dataclass
class Told:
    """What a client was told about each of its writes."""

    accepted: list[Expected] = field(default_factory=list)
    maybe: list[Expected] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    async def write(self, caller: Caller, prefix: str) -> None:
        """Write reminders one after the other until cancelled; no answer means that it may have happened."""
        for n in count():
            at = in_seconds(2)
            owed = Expected(f"{prefix} {n:04}", at.timestamp())
            # What is cancelled in the middle has had no answer either.
            self.maybe.append(owed)
            try:
                answer = await caller.remind(owed.name, at)
            except RequestError:
                continue
            self.statuses.add(answer.status_code)
            if answer.is_success:
                self.maybe.remove(owed)
                self.accepted.append(owed)
            await asyncio.sleep(0.02)


async def test_no_accepted_reminder_is_lost_with_postgresql(postgres: EmbeddedPostgres, stage: Stage) -> None:
    """Killed twice under load: what was answered 2xx arrives once, everything else was answered 503."""
    told = Told()
    async with stage.api() as client:
        caller = await sign_up(client)
        await stage.worker()
        writing = [asyncio.create_task(told.write(caller, f"Writer {number}")) for number in range(3)]
        for _ in range(2):
            await asyncio.sleep(1.5)
            postgres.kill()
            await asyncio.sleep(0.5)
            postgres.start()
        await asyncio.sleep(1.5)
        for task in writing:
            task.cancel()
        await stage.drained(60)
    verdict = await stage.verdict(told.accepted, maybe=told.maybe)
    assert verdict.faults == {}
    assert told.statuses == {201, REFUSED}
    assert len(told.accepted) > 100


async def test_a_frozen_postgresql_holds_nobody(postgres: Freezable, stage: Stage) -> None:
    """It answers nothing and resets nothing: callers are told 503 in bounded time, and all goes on when it is back."""
    async with stage.api() as client:
        caller = await sign_up(client)
        await stage.worker()
        with postgres.frozen():
            began = time.monotonic()
            answers = await asyncio.gather(*(caller.remind("Frozen", in_seconds(2)) for _ in range(5)))
            took = time.monotonic() - began
        assert {(each.status_code, each.headers["Retry-After"]) for each in answers} == {(REFUSED, "2")}
        assert took < ANSWER_SECONDS + 6
        thawed = Expected("Thawed", in_seconds(2).timestamp())
        assert (await caller.remind(thawed.name, in_seconds(2))).status_code == 201
        await stage.drained()
    assert (await stage.verdict([thawed])).faults == {}
