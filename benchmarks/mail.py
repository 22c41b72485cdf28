"""Mails per second through the email channel, beside the way of the textbook, to a sink in a process of its own.

Needs no network. Prints the median of three interleaved rounds.
"""

import asyncio
import multiprocessing
import os
import platform
import statistics
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from email.message import EmailMessage
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing.connection import Connection
from uuid import UUID

import aiosmtplib

from channels import open_channel
from channels.base import Message
from core.settings import Settings

ROUNDS = 3
OURS, TEXTBOOK = 6000, 600


class Sink(asyncio.Protocol):
    """The least that is an SMTP server: says yes to everything and keeps nothing."""

    def __init__(self) -> None:
        self._rest, self._content = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer every line outside a content, and every content."""
        self._rest += data
        while True:
            line, end, rest = self._rest.partition(b"\r\n.\r\n" if self._content else b"\r\n")
            if not end:
                return
            self._rest = rest
            self._answer(line[:4].upper())

    def _answer(self, verb: bytes) -> None:
        if self._content:
            self._content = False
            self._transport.write(b"250 2.0.0 Ok: queued as A1\r\n")
        elif verb == b"DATA":
            self._content = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._transport.write(b"250 sink\r\n")


def serve(pipe: Connection) -> None:
    """Run the sink, tell its port, and end when the parent says so."""

    async def live() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)

    asyncio.run(live())


def message(number: int) -> Message:
    """Return one reminder, with a title beyond ASCII and a note."""
    due = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    return Message(
        delivery_id=str(UUID(int=number)),
        title=f"Pay the rent — number {number}",
        body="Account 12345.\nAsk Zoë for the reference if it is missing.",
        team="Office",
        due_at=due,
        due_local="Fri 27 Nov 2026, 16:00 (Europe/Berlin)",
        url=f"https://reminders.example/reminders/{number}",
    )


async def channel(port: int, count: int) -> float:
    """Send through the channel with as many tasks as it has lanes; return mails per second."""
    settings = Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none")
    numbers = iter(range(count))
    async with open_channel("email", settings) as email:

        async def lane() -> None:
            for number in numbers:
                await email.send(f"person{number}@example.com", message(number))

        start = time.perf_counter()
        await asyncio.gather(*(lane() for _ in range(email.lanes)))
        return count / (time.perf_counter() - start)


async def textbook(port: int, count: int) -> float:
    """Send as the documentation of aiosmtplib shows, eight at a time; return mails per second."""
    numbers = iter(range(count))

    async def lane() -> None:
        for number in numbers:
            said, mail = message(number), EmailMessage()
            mail["From"], mail["To"] = "Team Reminders <r@example.com>", f"person{number}@example.com"
            mail["Subject"] = said.title
            mail.set_content(said.body or "")
            mail.add_alternative(f"<h1>{said.title}</h1><p>{said.body}</p>", subtype="html")
            await aiosmtplib.send(mail, hostname="127.0.0.1", port=port, start_tls=False)

    start = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(8)))
    return count / (time.perf_counter() - start)


def run(work: Coroutine[None, None, float]) -> float:
    """Run one measurement on uvloop where there is one, as the worker does."""
    if find_spec("uvloop") is None:
        return asyncio.run(work)
    import uvloop  # noqa: PLC0415  absent on Windows

    return uvloop.run(work)


def main() -> None:
    """Measure and print the table."""
    context = multiprocessing.get_context("spawn")
    pipe, child = context.Pipe()
    sink = context.Process(target=serve, args=(child,), daemon=True)
    sink.start()
    port = pipe.recv()
    figures: dict[str, list[float]] = {"email channel": [], "textbook": []}
    for _ in range(ROUNDS):
        figures["email channel"].append(run(channel(port, OURS)))
        figures["textbook"].append(run(textbook(port, TEXTBOOK)))
    pipe.send("end")
    sink.join(5)
    medians = {name: statistics.median(values) for name, values in figures.items()}
    print(f"Python {platform.python_version()}, aiosmtplib {version('aiosmtplib')}, {os.cpu_count()} cores")
    print(f"{'':16}{'msgs/s':>8}  {'ratio':>6}  rounds")
    for name, median in medians.items():
        rounds = " ".join(f"{value:.0f}" for value in figures[name])
        print(f"{name:16}{median:8.0f}  {median / medians['textbook']:5.1f}x  {rounds}")


if __name__ == "__main__":
    main()
