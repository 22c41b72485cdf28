"""Places: from where somebody asks, as coarse as is wanted."""

from ipaddress import IPv4Network, IPv6Network, ip_address


def address(client: str) -> str:
    """Return what one subscriber has: an IPv4 address, or an IPv6 network of which they may use any address."""
    return _network(client, 32, 64)


def neighbourhood(client: str) -> str:
    """Return what tells a home or an office from the rest of the world, though addresses there change: /24 or /48."""
    return _network(client, 24, 48)


def _network(client: str, bits4: int, bits6: int) -> str:
    where = ip_address(client)
    if where.version == 4:  # noqa: PLR2004  IPv4
        return str(IPv4Network((int(where), bits4), strict=False))
    # By its number, because a scope (`%eth0`) belongs to no network.
    return str(IPv6Network((int(where), bits6), strict=False))
