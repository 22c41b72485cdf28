"""aiohttp, tied down: it connects to addresses that were checked, and follows nobody anywhere."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.outbound.addresses import Address
from core.outbound.answer import Answer
from core.outbound.errors import AnswerTooLarge, BlockedAddress, NoAnswer, NotReached
from core.outbound.patience import Patience

CONNECTIONS = 100
# Most servers of webhooks are spoken to again soon; for longer than this no address goes unchecked.
KEEP_SECONDS = 15.0
_HEADERS = {"User-Agent": "TeamReminders/1", "Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """What the transport must ask: for the checked addresses of a host, and whether a socket may go to one."""

    addresses: Callable[[str, int], Awaitable[list[Address]]]
    permits: Callable[[str], bool]


class _RefusedError(OSError):
    """A socket was about to be opened to an address that nobody checked."""


class _CheckedNames(AbstractResolver):
    """Gives aiohttp the addresses that were checked in the same breath; there is no second look-up to differ."""

    def __init__(self, gatekeeper: Gatekeeper) -> None:
        self._gatekeeper = gatekeeper

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host; raises BlockedAddress or HostNotFound."""
        del family
        return [_result(host, port, address) for address in await self._gatekeeper.addresses(host, port)]

    async def close(self) -> None:
        """Do nothing: who asks for names is closed by the client."""


def _result(host: str, port: int, address: Address) -> ResolveResult:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004  of IP
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return {"hostname": host, "host": str(address), "port": port, "family": family, "proto": 0, "flags": flags}


class Transport:
    """One session of aiohttp."""

    def __init__(self, gatekeeper: Gatekeeper, patience: Patience, tls: ssl.SSLContext | None = None) -> None:
        """Open it; `tls` replaces the authorities that the system trusts."""
        self._gatekeeper = gatekeeper
        self._seconds = patience.total
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_CheckedNames(gatekeeper),
                use_dns_cache=False,
                socket_factory=self._socket,
                ssl=tls or True,
                limit=CONNECTIONS,
                keepalive_timeout=KEEP_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=patience.total, sock_connect=patience.connect),
            headers=_HEADERS,
            trust_env=False,
        )

    async def request(
        self, method: str, url: URL, headers: Mapping[str, str] | None, body: bytes | None, most: int
    ) -> Answer:
        """Make one request to an address that was read; raises what the package `core.outbound` says."""
        with _network():
            async with (
                asyncio.timeout(self._seconds),
                self._session.request(method, url, headers=headers, data=body, allow_redirects=False) as response,
            ):
                return Answer(response.status, response.headers, await _read(response, most))

    def _socket(self, info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        # The last word: aiohttp asks no resolver about an address that is written out, and a future one might ask
        # none at all.
        family, kind, protocol, _, place = info
        if not self._gatekeeper.permits(str(place[0])):
            raise _RefusedError
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    async def close(self) -> None:
        """Close the session with its connections."""
        await self._session.close()


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    # Counted as it comes out of the decompressor, which hands over a little at a time: a bomb is cut off early.
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > most:
            response.close()
            raise AnswerTooLarge(most, response.status)
    return bytes(content)


@contextmanager
def _network() -> Iterator[None]:
    """Turn failures of the network into ours; what is certain to have sent nothing is NotReached."""
    try:
        yield
    except aiohttp.ClientConnectorCertificateError as error:
        message = "the server's certificate is not valid for this name; nothing was sent to it"
        raise NotReached(message) from error
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _RefusedError):
            raise BlockedAddress from error
        raise NotReached from error
    except aiohttp.ConnectionTimeoutError as error:
        raise NotReached from error
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise NoAnswer from error
