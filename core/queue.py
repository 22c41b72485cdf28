"""The alarm clock: what is said to arq, and what is heard while Redis is away.

Redis may lose everything or be away, and nothing is lost: whoever rings goes on when it fails, and the
worker's pool reads every failure as “nothing there”. arq 0.28 ends its worker otherwise.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from arq.connections import ArqRedis, RedisSettings
from arq.constants import default_queue_name, job_key_prefix
from arq.jobs import serialize_job
from pydantic import SecretStr
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from core import metrics
from core.redis_pool import AWAY, open_pool
from core.work import Work

log = structlog.get_logger()

# What an empty Redis answers, as arq's worker needs it: a job that cannot be read is “running elsewhere”.
EMPTY: dict[str, Any] = {
    "WATCH": True,
    "EXISTS": 1,
    "ZRANGEBYSCORE": [],
    "ZRANGE": [],
    "ZCARD": 0,
    "DEL": 0,
    "INFO": {},
    "DBSIZE": 0,
    "INCRBY": 1,
}
# The fields of a job: function, arguments, keyword arguments, try (none for a cron), and when it was enqueued, in ms.
SHAPE = {"f": (str,), "a": (list,), "k": (dict,), "t": (int, type(None)), "et": (int,)}
LATEST_MS = 2**43
RING_SECONDS = 0.5
# After a failed ring the next ones are left out for this long, or a frozen Redis would slow every request.
REST_SECONDS = 2.0
# How long a job outlives its due time in Redis; the sweep covers what was dropped.
LINGER_MS = 86_400_000
TOLERATED_SKEW_MS = 1000


def to_json(job: dict[str, Any]) -> bytes:
    """Serialize a job for arq: JSON, because a pickle in the queue would be code from whoever can write there."""
    return json.dumps(job, separators=(",", ":")).encode()


def from_json(raw: bytes) -> dict[str, Any]:
    """Read a job of arq; garbage raises ValueError, which arq reports and drops."""
    job: dict[str, Any] = json.loads(raw)
    # What arq takes for granted, and trips over outside of what it catches.
    ours = isinstance(job, dict) and all(type(job.get(name)) in kinds for name, kinds in SHAPE.items())
    if not ours or not 0 <= job["et"] < LATEST_MS:
        message = "not a job of ours"
        raise ValueError(message)
    return job


class Presence:
    """Whether Redis is there, as last seen; each change is logged and counted once."""

    def __init__(self) -> None:
        self.away = False

    def note(self, *, away: bool, error: BaseException | None = None) -> None:
        """Record what an operation has just shown."""
        if away:
            metrics.redis_failures.inc()
        if away != self.away:
            self.away = away
            log.warning("redis.away" if away else "redis.back", error=type(error).__name__ if error else None)


class QuietPipeline(Pipeline):
    """A pipeline that answers as an empty Redis while the real one is away."""

    presence: Presence

    async def immediate_execute_command(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  redis-py's signature
        """Execute a command of a watched pipeline."""
        try:
            return await super().immediate_execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py is partly typed
        except AWAY as error:
            self.presence.note(away=True, error=error)
            return EMPTY.get(str(args[0]).upper())

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Execute what was collected; a lost race raises WatchError as before."""
        commands = [str(command[0][0]).upper() for command in self.command_stack]
        try:
            answer: list[Any] = await super().execute(raise_on_error)
        except WatchError:
            raise
        except AWAY as error:
            self.presence.note(away=True, error=error)
            return [EMPTY.get(command) for command in commands]
        self.presence.note(away=False)
        return answer

    async def reset(self) -> None:
        """Make the connection fit for the next one; one that froze in the middle of a watch is thrown away."""
        try:
            await super().reset()  # type: ignore[no-untyped-call]  # redis-py is partly typed
        except BaseException as error:
            self.watching = self.explicit_transaction = False
            connection, self.connection = self.connection, None
            if connection is not None:
                await connection.disconnect(nowait=True)
                await self.connection_pool.release(connection)
            if not isinstance(error, AWAY):
                raise
            self.presence.note(away=True, error=error)


class QuietRedis(ArqRedis):
    """The worker's Redis: away, it answers as an empty one, so that the worker outlives it."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  redis-py's signature
        super().__init__(*args, **options)
        self.presence = Presence()

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> QuietPipeline:
        """Return a pipeline that stays quiet."""
        pipeline = QuietPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        pipeline.presence = self.presence
        return pipeline

    async def execute_command(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  redis-py's signature
        """Execute one command."""
        try:
            answer = await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py is partly typed
        except AWAY as error:
            self.presence.note(away=True, error=error)
            return EMPTY.get(str(args[0]).upper())
        self.presence.note(away=False)
        return answer

    async def zrangebyscore(self, name: Any, *args: Any, **options: Any) -> list[bytes]:  # noqa: ANN401  redis-py's signature
        """Return ids in the order of their scores; what arq could not read as an id is removed."""
        found: list[bytes] = await super().zrangebyscore(name, *args, **options)
        if garbage := [job_id for job_id in found if not _readable(job_id)]:
            await self.zrem(name, *garbage)
        return [job_id for job_id in found if job_id not in garbage]


def _readable(job_id: bytes) -> bool:
    try:
        return bool(job_id.decode())
    except UnicodeDecodeError:
        return False


def worker_pool(url: str) -> QuietRedis:
    """Return the pool that `WorkerSettings.redis_pool` takes; it connects when it is used."""
    return QuietRedis(pool_or_conn=open_pool(url, 2), job_serializer=to_json, job_deserializer=from_json)


def redis_settings(url: str) -> RedisSettings:
    """Return arq's own settings, which `arq --check` needs; unix sockets are understood too."""
    if url.startswith("unix://"):
        parts = urlsplit(url)
        return RedisSettings(unix_socket_path=parts.path, database=int(parse_qs(parts.query).get("db", ["0"])[0]))
    return RedisSettings.from_dsn(url)


def _at_once(name: str, stamp: int) -> tuple[str, str, int]:
    return f"{name}:{secrets.token_hex(8)}", name, stamp


def _alarm(at: datetime, score: int, stamp: int) -> tuple[str, str, int]:
    # While a job runs, its id is refused; so what is due within a second goes without the shared one.
    shared = f"wake:{int(at.timestamp())}", "wake", score
    return shared if score > stamp + 1000 else _at_once("wake", max(score, stamp))


@dataclass(slots=True)
class Round:
    """What one transmission takes along: the wishes of all who came while the one before was under way."""

    now: datetime
    alarms: set[datetime] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    again: bool = False
    over: bool = False

    def take(self, work: Work) -> None:
        """Add what a piece of work asked for."""
        self.now = work.now
        self.alarms |= work.alarms
        self.channels |= work.channels
        self.again |= work.again


class Ringer:
    """Sets alarms and gives hints; a failure is logged, counted and forgotten."""

    def __init__(self, redis: ArqRedis) -> None:
        self.redis = redis
        self.presence = Presence()
        self._resting_until = 0.0
        self._next: Round | None = None
        self._line = asyncio.Lock()

    async def ring(self, work: Work) -> None:
        """Set the alarms and hints that a committed piece of work asked for; wait at most half a second.

        Whoever rings while a transmission is under way shares the next one with all the others.
        """
        if not (work.alarms or work.channels or work.again):
            return
        if self._next is None:
            self._next = Round(work.now)
        self._next.take(work)
        await self._quietly(self._share(self._next))

    async def arm(self, seconds: Iterable[datetime], now: datetime) -> None:
        """Set alarms for due seconds, as the sweep does for what an emptied Redis has forgotten."""
        await self._quietly(self._send(Round(now, set(seconds))))

    async def _share(self, mine: Round) -> None:
        async with self._line:
            if mine.over:
                return
            # Closed to newcomers from here on. Should whoever sends be cancelled, the next in line sends it.
            if self._next is mine:
                self._next = None
            try:
                await self._send(mine)
            except AWAY:
                mine.over = True
                raise
            mine.over = True

    async def _quietly(self, sending: Coroutine[Any, Any, None]) -> None:
        if time.monotonic() < self._resting_until:
            sending.close()
            self._next = None
            return
        try:
            async with asyncio.timeout(RING_SECONDS):
                await sending
        except (*AWAY, TimeoutError) as error:
            self._resting_until = time.monotonic() + REST_SECONDS
            self.presence.note(away=True, error=error)
        else:
            self.presence.note(away=False)

    async def _send(self, wishes: Round) -> None:
        stamp = int(time.time() * 1000)
        skew = stamp - int(wishes.now.timestamp() * 1000)
        # arq rings by its host's clock, and dueness is judged by PostgreSQL's: mind the gap where there is one.
        skew = skew if abs(skew) > TOLERATED_SKEW_MS else 0
        jobs = [_alarm(at, int(at.timestamp() * 1000) + skew, stamp) for at in wishes.alarms]
        jobs += [_at_once(f"notify_{channel}", stamp) for channel in wishes.channels]
        jobs += [_at_once("wake", stamp)] if wishes.again else []
        async with self.redis.pipeline(transaction=True) as pipe:
            for job_id, name, score in jobs:
                payload = serialize_job(name, (), {}, 1, stamp, serializer=to_json)
                pipe.psetex(job_key_prefix + job_id, max(0, score - stamp) + LINGER_MS, payload)
                pipe.zadd(default_queue_name, {job_id: score})
            await pipe.execute()

    async def close(self) -> None:
        """Close the connections."""
        await self.redis.aclose(close_connection_pool=True)


class Silence(Ringer):
    """A ringer without a bell: with no Redis at all, the safety loops and sweeps find what is due."""

    def __init__(self) -> None:
        """Have nothing to open."""

    async def ring(self, work: Work) -> None:
        """Ring nothing."""

    async def arm(self, seconds: Iterable[datetime], now: datetime) -> None:
        """Set nothing."""

    async def close(self) -> None:
        """Close nothing."""


def open_ringer(url: SecretStr | None) -> Ringer:
    """Return a ringer; it connects when it first rings, and an absent Redis keeps nobody from starting."""
    if url is None:
        return Silence()
    pool = open_pool(url.get_secret_value(), RING_SECONDS)
    return Ringer(ArqRedis(pool_or_conn=pool, job_serializer=to_json, job_deserializer=from_json))
