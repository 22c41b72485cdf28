"""Rate limits: how many requests a minute anybody may make, counted here and settled with Redis in batches.

A request costs a look into a dictionary and never waits for Redis. Other processes' counts arrive with the next batch,
so together they may let through a fiftieth of the limit each, and what came during one round trip, too many. While
Redis is away each process goes on with its own count; emptying it forgets a minute at most.
"""

import asyncio
import hashlib
import math
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog
from redis.asyncio import Redis

from core.errors import Unavailable
from core.redis_pool import AWAY, open_pool
from core.settings import Settings

log = structlog.get_logger()

WINDOW: Final = 60
"""Seconds in which requests are counted together."""
MOST: Final = 50_000
"""Buckets of a kind that a process remembers; with more of them within a minute, the oldest begin anew."""
SETTLE_SECONDS: Final = 0.5
# After a failure Redis is left alone for so long.
REST_SECONDS: Final = 2.0


@dataclass(slots=True)
class Bucket:
    """What one caller has asked for in the current minute."""

    name: str
    limit: int
    ends: int
    """The Unix second at which it is forgotten."""
    mine: int = 0
    """What this process counted."""
    settled: int = 0
    """How many of these Redis was told of."""
    theirs: int = 0
    """What other processes counted, as Redis said last."""

    @property
    def left(self) -> int:
        """How many requests may still come."""
        return max(0, self.limit - self.mine - self.theirs)

    def seconds(self, now: float) -> int:
        """Return after how many seconds it is full again."""
        return max(1, math.ceil(self.ends - now))


class RateLimited(Unavailable):
    """Too many requests; wait for as many seconds as Retry-After says."""

    code = "rate_limited"

    def __init__(self, bucket: Bucket, now: float) -> None:
        super().__init__()
        wait = str(bucket.seconds(now))
        shown = {"RateLimit-Limit": str(bucket.limit), "RateLimit-Remaining": "0", "RateLimit-Reset": wait}
        self.headers = {"Retry-After": wait, **shown}


class Buckets:
    """The buckets of one kind: those of people and programs, or those of addresses."""

    def __init__(self, limit: int, most: int = MOST) -> None:
        self.limit = limit
        self._most = most
        self._all: dict[str, Bucket] = {}

    def known(self, name: str, now: float) -> Bucket | None:
        """Return the bucket of somebody who has spent from it in this minute."""
        bucket = self._all.get(name)
        return bucket if bucket is not None and bucket.ends > now else None

    def of(self, name: str, now: float) -> Bucket:
        """Return somebody's bucket, a new one at the beginning of their minute."""
        return self.known(name, now) or self._begin(name, now)

    def _begin(self, name: str, now: float) -> Bucket:
        # Put in at the end, so that the first is always the one that began earliest.
        self._all.pop(name, None)
        if len(self._all) >= self._most:
            del self._all[next(iter(self._all))]
        # Everybody's minute ends at another second, the same one in all processes, or all would come back at once.
        shift = zlib.crc32(name.encode()) % WINDOW
        ends = int((now - shift) // WINDOW + 1) * WINDOW + shift
        bucket = self._all[name] = Bucket(name, self.limit, ends)
        return bucket

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._all)


class RateLimits:
    """The limits of a process: of those who are signed in, and of addresses for everybody else."""

    def __init__(self, callers: int, addresses: int, redis: Redis | None = None) -> None:
        self.callers = Buckets(callers)
        self.addresses = Buckets(addresses)
        self._redis = redis
        self._waiting: dict[str, Bucket] = {}
        self.settling: asyncio.Task[None] | None = None
        self._resting_until = 0.0
        self._strained_until = 0.0
        self._away = False

    def strained(self, now: float) -> bool:
        """Whether anybody has been refused whose minute has not ended yet."""
        return now < self._strained_until

    def spend(self, bucket: Bucket, now: float) -> None:
        """Count one request; raises RateLimited, and counts nothing, when the bucket is empty."""
        left = bucket.left
        if left <= 0:
            self._strained_until = max(self._strained_until, bucket.ends)
            raise RateLimited(bucket, now)
        bucket.mine += 1
        batch = bucket.limit // 50
        # The fewer are left, the sooner the others' counts are wanted.
        if bucket.mine - bucket.settled >= min(batch, left // 10):
            self._settle_soon(bucket)

    def _settle_soon(self, bucket: Bucket) -> None:
        if self._redis is None or time.monotonic() < self._resting_until:
            return
        self._waiting[bucket.name] = bucket
        if self.settling is None or self.settling.done():
            self.settling = asyncio.get_running_loop().create_task(self._settle(self._redis), name="rate-limits")

    async def _settle(self, redis: Redis) -> None:
        while self._waiting:
            batch, self._waiting = list(self._waiting.values()), {}
            more = [bucket.mine - bucket.settled for bucket in batch]
            for bucket in batch:
                # Told or not: what failed half-way must not be told twice, or a slow Redis would count double.
                bucket.settled = bucket.mine
            try:
                async with asyncio.timeout(SETTLE_SECONDS):
                    totals = await _told(redis, batch, more)
            except (*AWAY, TimeoutError) as error:
                self._note(away=True, error=error)
                self._resting_until = time.monotonic() + REST_SECONDS
                self._waiting.clear()
                return
            self._note(away=False)
            for bucket, total in zip(batch, totals, strict=True):
                bucket.theirs = max(0, total - bucket.settled)

    def _note(self, *, away: bool, error: BaseException | None = None) -> None:
        if away != self._away:
            self._away = away
            name = "rate_limits.redis_away" if away else "rate_limits.redis_back"
            log.warning(name, error=type(error).__name__ if error else None)

    async def settled(self) -> None:
        """Wait for the batch that is under way, if any."""
        if self.settling is not None:
            await asyncio.wait([self.settling])

    async def close(self) -> None:
        """Close the connection; what was not settled is forgotten."""
        if self.settling is not None:
            self.settling.cancel()
            with suppress(asyncio.CancelledError):
                await self.settling
        if self._redis is not None:
            await self._redis.aclose(close_connection_pool=True)


async def _told(redis: Redis, batch: Sequence[Bucket], more: Sequence[int]) -> list[int]:
    """Add counts to those of all processes, and return the sums."""
    async with redis.pipeline(transaction=False) as pipe:
        for bucket, added in zip(batch, more, strict=True):
            # Hashed, because an address is nobody else's business.
            digest = hashlib.blake2b(bucket.name.encode(), digest_size=12).hexdigest()
            key = f"rate:{digest}:{bucket.ends}"
            pipe.incrby(key, added)
            pipe.expireat(key, bucket.ends + WINDOW)
        return [int(total) for total in (await pipe.execute())[::2]]


def open_rate_limits(settings: Settings) -> RateLimits | None:
    """Return the limits of this process, None where they are switched off; it connects when it first settles."""
    if not settings.rate_limit_enabled:
        return None
    url = settings.redis_url and settings.redis_url.get_secret_value()
    redis = Redis(connection_pool=open_pool(url, SETTLE_SECONDS)) if url else None
    return RateLimits(*settings.requests_per_minute, redis)
