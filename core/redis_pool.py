"""Connections to Redis that give up in time and can be cancelled."""

import asyncio
from collections.abc import Iterable

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Refused
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as TooSlow

# Refused, reset, frozen, loading, read-only, full.
AWAY = (RedisError, OSError)


class Cancellable(AbstractConnection):
    """Sends without `asyncio.wait_for`, which before Python 3.12 swallows every third cancellation here.

    A worker that is asked to end cancels itself in the middle of whatever it asks Redis, and would live on.
    """

    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        """Write a command; raises redis-py's errors as it does itself."""
        if not self.is_connected:
            await self.connect()  # type: ignore[no-untyped-call]  # redis-py is partly typed
        elif check_health:
            await self.check_health()  # type: ignore[no-untyped-call]  # redis-py is partly typed
        if isinstance(command, str):
            command = command.encode()
        try:
            async with asyncio.timeout(self.socket_timeout):
                await self._send_packed_command([command] if isinstance(command, bytes) else command)
        except BaseException as error:
            # What is half sent makes the connection useless.
            await self.disconnect(nowait=True)
            if isinstance(error, TimeoutError):
                raise TooSlow("sending took too long") from None
            if isinstance(error, OSError):
                raise Refused("sending failed") from error
            raise


def open_pool(url: str, seconds: float) -> ConnectionPool:
    """Return a pool for `redis://`, `rediss://` or `unix://`; it connects when it is used.

    Nothing takes longer than so many seconds.
    """
    pool = ConnectionPool.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=min(seconds, 1),
        health_check_interval=15,
        **({} if url.startswith("unix") else {"socket_keepalive": True}),
    )
    pool.connection_class = type("CancellableConnection", (Cancellable, pool.connection_class), {})
    return pool
