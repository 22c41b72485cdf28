"""Which addresses belong to the public network, by the registries of IANA rather than by the version of Python."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by its number, but Azure's own service for each machine
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Of IPv6 only this block is unicast and public at all; loopback, link-local, unique local, site-local, v4-compatible
# and multicast addresses all lie outside of it.
_UNICAST_6 = IPv6Network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which leads to any IPv4 address
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def read_address(text: str) -> Address | None:
    """Return the address that a text is, None for a name; a v4-mapped one is the IPv4 address that it means."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None and address.scope_id is None:
        return address.ipv4_mapped
    return address


def is_public(address: Address) -> bool:
    """Whether an address is public and unicast, so that anybody could reach it from anywhere."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        # The only way to IPv4 where there is but IPv6; it is as public as the address within.
        return is_public(IPv4Address(address.packed[12:]))
    return address in _UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)


def permitted(address: Address, allowed: Iterable[Network]) -> bool:
    """Whether a request may go to an address: a public one, or one in a network that the operator allows."""
    return is_public(address) or any(address in network for network in allowed)
