"""Rate limits: what one process counts, and what several know of each other through Redis."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from core import rate_limits
from core.rate_limits import WINDOW, Bucket, Buckets, RateLimited, RateLimits
from core.redis_pool import open_pool
from core.settings import Settings

NOW = 1_800_000_000.0
ADA = "ada"


def spend(limits: RateLimits, times: int, now: float = NOW) -> Bucket:
    """Let Ada ask so often."""
    for _ in range(times):
        limits.spend(limits.callers.of(ADA, now), now)
    return limits.callers.of(ADA, now)


@pytest.fixture
async def processes(redis_url: str) -> AsyncIterator[list[RateLimits]]:
    """Two processes of ten requests a minute on one Redis."""
    both = [RateLimits(10, 10, Redis(connection_pool=open_pool(redis_url, 0.5))) for _ in range(2)]
    yield both
    for each in both:
        await each.close()


def test_after_the_limit_comes_a_refusal_until_the_minute_ends() -> None:
    """What is over the limit is refused and not counted; the next minute begins anew."""
    limits = RateLimits(3, 3)
    assert spend(limits, 3).left == 0
    with pytest.raises(RateLimited) as refusal:
        spend(limits, 1)
    seconds = int(refusal.value.headers["Retry-After"])
    assert 0 < seconds <= WINDOW
    assert refusal.value.headers["RateLimit-Remaining"] == "0"
    assert (limits.strained(NOW), limits.strained(NOW + seconds)) == (True, False)
    assert spend(limits, 1, NOW + seconds).left == 2


def test_minutes_of_different_callers_end_at_different_seconds() -> None:
    """Whoever is refused comes back alone, and at the same second in all processes."""
    ends = {name: Buckets(1).of(name, NOW).ends for name in map(str, range(50))}
    assert len(set(ends.values())) > 20
    assert all(NOW < end <= NOW + WINDOW for end in ends.values())
    assert ends == {name: Buckets(1).of(name, NOW).ends for name in ends}


def test_what_a_process_remembers_is_bounded() -> None:
    """With more callers in a minute than it remembers, the one that began earliest begins anew."""
    buckets = Buckets(10, most=100)
    buckets.of(ADA, NOW).mine = 7
    for number in range(99):
        buckets.of(str(number), NOW)
    assert (len(buckets), buckets.of(ADA, NOW).left) == (100, 3)
    buckets.of("one more", NOW)
    assert (len(buckets), buckets.known(ADA, NOW)) == (100, None)


async def test_processes_share_a_limit(processes: list[RateLimits]) -> None:
    """Near the limit each request tells and asks Redis, so that two processes let ten through and not twenty."""
    now, passed = time.time(), 0
    for _ in range(10):
        for process in processes:
            try:
                spend(process, 1, now)
            except RateLimited:
                continue
            await process.settled()
            passed += 1
    assert passed in (10, 11)


async def test_an_emptied_redis_forgets_the_others_only(processes: list[RateLimits], redis_url: str) -> None:
    """After FLUSHALL everybody still knows what they counted themselves."""
    one, now = processes[0], time.time()
    spend(one, 9, now)
    await one.settled()
    async with Redis.from_url(redis_url) as client:
        await client.flushall()
    spend(one, 1, now)
    await one.settled()
    with pytest.raises(RateLimited):
        spend(one, 1, now)


async def test_an_absent_redis_is_left_alone_for_a_while(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody waits for it, each process goes on with its own count, and it is not asked again at once."""
    nowhere = f"unix://{tmp_path_factory.mktemp('gone')}/socket"
    limits = RateLimits(10, 10, Redis(connection_pool=open_pool(nowhere, 0.5)))
    spend(limits, 5)
    await limits.settled()
    before = limits.settling
    assert spend(limits, 5).left == 0
    assert limits.settling is before
    await limits.close()


async def test_a_request_does_not_wait_for_a_frozen_redis() -> None:
    """Counting is done before Redis has said anything, also where it never does."""

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    limits = RateLimits(10, 10, Redis(connection_pool=open_pool(f"redis://127.0.0.1:{port}", 0.5)))
    began = time.monotonic()
    assert spend(limits, 10).left == 0
    assert time.monotonic() - began < 0.1
    await limits.close()
    server.close()


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        ({}, (120_000, 120_000)),
        ({"rate_limit_requests": 50}, (50, 120_000)),
        ({"rate_limit_enabled": False}, None),
    ],
)
def test_limits_come_from_the_settings(given: dict[str, int], limits: tuple[int, int] | None) -> None:
    """Development has limits that nobody meets, and they can be switched off."""
    made = rate_limits.open_rate_limits(Settings(_env_file=None, **given))
    assert (made and (made.callers.limit, made.addresses.limit)) == limits


def test_production_has_limits_that_people_do_not_meet() -> None:
    """Six hundred a minute for whoever is signed in, half of it for an address."""
    url = SecretStr("postgresql://localhost/x")
    production = {"environment": "production", "database_url": url, "redis_url": SecretStr("redis://localhost")}
    settings = Settings(_env_file=None, secret_key=SecretStr("x" * 40), **production)
    assert settings.requests_per_minute == (600, 300)
