"""A load of requests over kept connections, from a process of its own: bytes written, statuses counted, no more."""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, cast

import httptools

from benchmarks.common.loops import run


class Load(NamedTuple):
    """What to post: `body` as it is, with the token, and a fresh Idempotency-Key when `idempotent`."""

    port: int
    path: str
    token: str
    body: str
    posts: int
    connections: int
    idempotent: bool
    method: str = "POST"


class Outcome(NamedTuple):
    """Posts per second, and how long each took in seconds."""

    rate: float
    seconds: list[float]


class Caller(asyncio.Protocol):
    """One connection, with one request under way."""

    def __init__(self, requests: Iterator[bytes], seconds: list[float], ended: Callable[[str], None]) -> None:
        self._requests = requests
        self._seconds = seconds
        self._ended = ended
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so, which is an error unless all is done."""
        self._ended(f"the connection was lost ({exc})")

    def on_message_complete(self) -> None:
        """Count a 200 or 201 and send the next request."""
        if self._parser.get_status_code() not in {200, 201}:
            self._ended(f"answered with {self._parser.get_status_code()}")
            return
        self._seconds.append(time.perf_counter() - self._began)
        # The parser is still in use until this returns.
        asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._ended("")
            return
        self._parser = httptools.HttpResponseParser(self)
        self._began = time.perf_counter()
        self._transport.write(request)


def _requests(load: Load) -> Iterator[bytes]:
    body = load.body.encode()
    head = (
        f"{load.method} {load.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {load.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    stamp = time.time_ns()
    for number in range(load.posts):
        key = f"Idempotency-Key: bench-{stamp}-{number}\r\n" if load.idempotent else ""
        yield f"{head}{key}\r\n".encode() + body


async def _post_all(load: Load) -> Outcome:
    loop, requests = asyncio.get_running_loop(), _requests(load)
    seconds: list[float] = []
    began = time.perf_counter()

    async def connection() -> None:
        over: asyncio.Future[str] = loop.create_future()
        caller = Caller(requests, seconds, partial(_settle, over))
        transport, _ = await loop.create_connection(lambda: caller, "127.0.0.1", load.port)
        why = await over
        transport.close()
        if why:
            raise RuntimeError(why)

    await asyncio.gather(*(connection() for _ in range(load.connections)))
    return Outcome(load.posts / (time.perf_counter() - began), seconds)


def _settle(over: asyncio.Future[str], why: str) -> None:
    if not over.done():
        over.set_result(why)


def _work(load: Load) -> Outcome:
    return run(_post_all(load))


def post_all(load: Load) -> Outcome:
    """Post everything from another process; raises RuntimeError when an answer is not 200 or 201."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_work, (load,))
