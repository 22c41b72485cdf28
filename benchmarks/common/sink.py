"""A sink that stands for Slack, in a process of its own: the least that is an HTTP server, saying yes to everything."""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple, cast

import httptools

from benchmarks.common.loops import run

BODY = b'{"ok":true,"channel":"C00000001","ts":"1800000000.000100"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class Arrival(NamedTuple):
    """One post, when it was complete, by `time.time()`."""

    at: float
    body: bytes

    @property
    def delivery_id(self) -> str:
        """Which delivery it was, if it was one of ours."""
        return str(json.loads(self.body)["metadata"]["event_payload"]["delivery_id"])


class Sink(asyncio.Protocol):
    """One connection, kept for as long as the client likes."""

    def __init__(self, arrivals: list[Arrival]) -> None:
        self._arrivals = arrivals
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to read."""
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        """Collect a part of the body."""
        self._body += data

    def on_message_complete(self) -> None:
        """Keep the post with its time, and answer."""
        self._arrivals.append(Arrival(time.time(), self._body))
        self._body = b""
        self._transport.write(ANSWER)


def serve(pipe: Connection) -> None:
    """Tell the port; hand over and forget the arrivals whenever asked; end when the pipe is closed."""
    arrivals: list[Arrival] = []

    def answer() -> None:
        try:
            while pipe.recv():
                taken = arrivals.copy()
                arrivals.clear()
                pipe.send([tuple(arrival) for arrival in taken])
        except (EOFError, OSError):
            return

    async def live() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Sink(arrivals), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(answer)

    run(live())


class SinkClient:
    """The sink as a benchmark sees it."""

    def __init__(self, pipe: Connection, port: int) -> None:
        self._pipe = pipe
        self.url = f"http://127.0.0.1:{port}/api/"

    def take(self) -> list[Arrival]:
        """Return what arrived since the last time."""
        self._pipe.send("take")
        return [Arrival(*arrival) for arrival in self._pipe.recv()]


@contextmanager
def open_sink() -> Iterator[SinkClient]:
    """Run a sink for as long as the block lasts."""
    context = multiprocessing.get_context("spawn")
    pipe, child = context.Pipe()
    process = context.Process(target=serve, args=(child,), daemon=True)
    process.start()
    child.close()
    try:
        yield SinkClient(pipe, pipe.recv())
    finally:
        pipe.close()
        process.join(5)
