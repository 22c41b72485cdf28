"""Requests that we make on behalf of users, through one client that reaches nobody inside.

Webhooks, HTTP stop conditions and calendars by address all come from people who may point them anywhere: at the
metadata of a cloud, at a database, at ourselves. So every address of a name must be public, the connection goes to one
of exactly those addresses, and no redirect is followed. `docs/decisions/0013` tells the rest.
"""

import asyncio
import ssl
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from core.outbound.addresses import Address, Network, permitted, read_address
from core.outbound.answer import Answer
from core.outbound.errors import (
    AnswerTooLarge,
    BlockedAddress,
    HostNotFound,
    InvalidUrl,
    NoAnswer,
    NotReached,
    OutboundFailed,
)
from core.outbound.names import Resolve, SystemResolver
from core.outbound.patience import Patience
from core.settings import Settings

if TYPE_CHECKING:
    from yarl import URL

    from core.outbound.transport import Transport

__all__ = [
    "Answer", "AnswerTooLarge", "BlockedAddress", "HostNotFound", "InvalidUrl", "NoAnswer", "NotReached", "Outbound",
    "OutboundFailed", "Patience", "open_outbound",
]  # fmt: skip

PORTS: Final = frozenset({80, 443, 8080, 8443})
MOST_BYTES: Final = 64 * 1024
# A name may have hundreds of addresses; they are all checked, and a few are tried.
MOST_TRIED: Final = 8


class Outbound:
    """The client of one process; it opens at the first request, and `close` ends it.

    `allowed` are networks that may be reached though they are not public. `resolve` looks names up, `tls` says whom
    to trust, `ports` where a server may listen, `patience` for how long; these differ from the defaults in tests only.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        ports: Collection[int] = PORTS,
        patience: Patience | None = None,
    ) -> None:
        """Open nothing yet."""
        self._allowed = tuple(allowed)
        self._system = SystemResolver()
        self._resolve = resolve or self._system
        self._tls = tls
        self._ports = frozenset(ports)
        self._patience = patience or Patience()
        self._transport: Transport | None = None

    async def check(self, url: str) -> None:
        """Look whether a request to an address would be made, and make none: for the moment when it is saved.

        Raises InvalidUrl, BlockedAddress or HostNotFound.
        """
        read = self._read(url)
        await self._addresses(read.raw_host or "", read.port or 0)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most: int = MOST_BYTES,
    ) -> Answer:
        """Make one request and return the answer, whatever its status; `most` bounds its body, in bytes.

        It is checked like in `check`, at this moment. It takes 15 s at most, 5 s of them to find the name and 5 s to
        connect. Never call it while a transaction is open. Raises InvalidUrl, BlockedAddress; NotReached when
        nothing was sent, NoAnswer when something may have been, AnswerTooLarge.
        """
        read = self._read(url)
        if (host := read.raw_host) and read_address(host) is not None:
            # aiohttp asks for names only.
            await self._addresses(host, read.port or 0)
        return await self._opened().request(method, read, headers, body, most)

    async def close(self) -> None:
        """Close what was opened."""
        if self._transport is not None:
            await self._transport.close()
        self._system.close()

    def _read(self, url: str) -> "URL":
        from core.outbound.urls import read_url  # noqa: PLC0415  yarl only where it is used

        return read_url(url, self._ports)

    def _opened(self) -> "Transport":
        from core.outbound.transport import Gatekeeper, Transport  # noqa: PLC0415  aiohttp only where it is used

        if self._transport is None:
            self._transport = Transport(Gatekeeper(self._addresses, self.permits), self._patience, self._tls)
        return self._transport

    async def _addresses(self, host: str, port: int) -> list[Address]:
        """Return the addresses of a host, looked up once and each of them checked."""
        given = [host] if read_address(host) else await self._found(host, port)
        found = [read_address(each) for each in given]
        known = [each for each in found if each is not None]
        if not known:
            raise HostNotFound
        # One private answer among public ones is how a name is made to lead inside now and then.
        if len(known) < len(found) or not all(permitted(each, self._allowed) for each in known):
            raise BlockedAddress
        return known[:MOST_TRIED]

    async def _found(self, host: str, port: int) -> Sequence[str]:
        try:
            async with asyncio.timeout(self._patience.name):
                return await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            # Silence, which is a TimeoutError, is an OSError as well.
            raise HostNotFound from error

    def permits(self, text: str) -> bool:
        """Whether a connection to an address, written as a number, may be opened."""
        address = read_address(text)
        return address is not None and permitted(address, self._allowed)


def open_outbound(settings: Settings) -> Outbound:
    """Return the client that the settings ask for; it opens nothing before its first request."""
    return Outbound(settings.outbound_allow_cidrs)
