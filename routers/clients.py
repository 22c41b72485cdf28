"""Where a request comes from."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated

from fastapi import Depends, Request

from core.settings import Settings

NOWHERE = "0.0.0.0"  # noqa: S104  stands for a peer without an address, such as a unix socket


def client_address(request: Request, settings: Settings) -> str:
    """Return the client's IP address: the peer, or what trusted proxies say of it.

    Every proxy appends who asked it, so the list is read from the right, and the first that is no proxy of ours is the
    client; what stands left of it anybody could have written.
    """
    address = _peer(request)
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for hop in reversed(forwarded):
        if not any(address in network for network in settings.trusted_proxies):
            break
        try:
            address = _address(hop.strip())
        except ValueError:
            break
    return str(address)


def _peer(request: Request) -> IPv4Address | IPv6Address:
    try:
        return _address(request.client.host if request.client else NOWHERE)
    except ValueError:
        return _address(NOWHERE)


def _address(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text)
    # One machine must not have two names.
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


async def _client(request: Request) -> str:
    return client_address(request, request.app.state.settings)


ClientDep = Annotated[str, Depends(_client)]
"""The client's address as text."""
