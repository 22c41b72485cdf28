"""What the API leaves in Redis, read back through arq."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from arq.connections import ArqRedis
from arq.jobs import Job, JobStatus
from pydantic import SecretStr

from core.queue import from_json, worker_pool
from core.settings import Settings
from tests.chaos.harness.seed import in_seconds
from tests.fixtures.api import Person
from tests.fixtures.reminders import once


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    """Settings of an API that has a Redis to ring."""
    return Settings(_env_file=None, database_url=SecretStr(database_url), redis_url=SecretStr(redis_url))


@pytest.fixture
async def arq(redis_url: str) -> AsyncIterator[ArqRedis]:
    """Redis as arq sees it."""
    arq = worker_pool(redis_url)
    yield arq
    await arq.aclose(close_connection_pool=True)


def at(when: datetime) -> dict[str, object]:
    """Return the change to another instant."""
    return {"schedule": {"kind": "once", "at": when.isoformat()}}


async def deferred(arq: ArqRedis, when: datetime) -> None:
    """Check that arq holds a job for this second, deferred to it."""
    job = Job(f"wake:{int(when.timestamp())}", arq, _deserializer=from_json)
    info = await job.info()
    assert info is not None
    assert (info.function, info.args, info.kwargs, info.score) == ("wake", [], {}, int(when.timestamp() * 1000))
    assert await job.status() == JobStatus.deferred


async def test_creating_and_changing_set_a_deferred_job(signed_in: Person, arq: ArqRedis) -> None:
    """After POST and after PATCH Redis holds the job of the new second; nothing else was queued."""
    first = in_seconds(600)
    made = await signed_in.post("/reminders", json=once() | at(first))
    assert made.status_code == 201, made.text
    await deferred(arq, first)
    second = first + timedelta(minutes=5)
    changed = await signed_in.patch(f"/reminders/{made.json()['id']}", json=at(second))
    assert changed.status_code == 200, changed.text
    await deferred(arq, second)
    assert len(await arq.queued_jobs()) == 2


async def test_resuming_sets_it_again(signed_in: Person, arq: ArqRedis) -> None:
    """A pause leaves the alarm to find nothing; resuming after Redis has forgotten sets it anew."""
    when = in_seconds(600)
    path = f"/reminders/{(await signed_in.post('/reminders', json=once() | at(when))).json()['id']}"
    assert (await signed_in.post(f"{path}/pause", json={})).status_code == 200
    await arq.flushdb()
    assert (await signed_in.post(f"{path}/resume")).status_code == 200
    await deferred(arq, when)


async def test_a_refused_request_rings_nothing(signed_in: Person, arq: ArqRedis) -> None:
    """Commit first, ring after: what is not written has no alarm."""
    refused = await signed_in.post("/reminders", json=once() | at(in_seconds(-7200)))
    assert refused.status_code == 422
    assert await arq.queued_jobs() == []
