"""A server of somebody else's that says what it is told to, byte by byte, and counts who comes."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Self

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FakeSite:
    """Listens on the loopback of both families, on one port.

    It gives the bytes of `answer` to each request and stays connected, or does what `say` does.
    """

    def __init__(self, answer: bytes = OK, *, say: Say | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.connections = 0
        self.requests: list[bytes] = []
        self._say = say
        self._tls = tls
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        """Listen."""
        four = socket.create_server(("127.0.0.1", 0))
        self.port = int(four.getsockname()[1])
        sockets = [four]
        if socket.has_dualstack_ipv6():
            sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        self._servers = [await asyncio.start_server(self._met, sock=each, ssl=self._tls) for each in sockets]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up on everybody."""
        for server in self._servers:
            server.close()
        for writer in self._open:
            writer.transport.abort()
        # Their tasks end in the next turns of the loop.
        await asyncio.sleep(0)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0
                )
                self.requests.append(head + await reader.readexactly(length))
                if self._say is not None:
                    await self._say(writer)
                    break
                writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self._open.discard(writer)
