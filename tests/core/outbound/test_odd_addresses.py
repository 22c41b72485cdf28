"""Odd addresses, each of which has led somebody's server inside: none leads to a connection."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address, ip_network

import pytest
from yarl import URL

from core.errors import Invalid
from core.outbound import BlockedAddress, HostNotFound, InvalidUrl, Outbound, Patience
from core.outbound.addresses import Address
from core.outbound.transport import Gatekeeper, Transport
from tests.core.outbound.names import PUBLIC, Names
from tests.fakes.http_site import FakeSite

# What a name server of somebody hostile, or of the house itself, may answer.
TABLE = {
    "inside_example": [["127.0.0.1"]],
    "inside6_example": [["::1"]],
    "mapped_example": [["::ffff:127.0.0.1"]],
    "nat64_example": [["64:ff9b::7f00:1"]],
    "both_example": [[PUBLIC, "127.0.0.1"]],
    "both6_example": [["2606:4700::1111", "::1"]],
    "metadata_example": [["169.254.169.254"]],
    "linklocal_example": [["fe80::1%lo"]],
    "odd_example": [["not an address"]],
    "none_example": [[]],
    "localhost": [["127.0.0.1", "::1"]],
    "intranet": [["10.0.0.7"]],
    "127.0.0.1": [["127.0.0.1"]],
}
BLOCKED = [
    "http://127.0.0.1:{p}/", "https://127.0.0.1:{p}/", "HTTP://127.0.0.1:{p}/", "http://127.0.0.2:{p}/",
    "http://127.255.255.254:{p}/", "http://0.0.0.0:{p}/", "http://0.1.2.3:{p}/", "http://10.0.0.1:{p}/",
    "http://100.64.0.1:{p}/", "http://169.254.169.254/latest/meta-data/", "http://168.63.129.16/", "http://192.168.0.1/",
    "http://172.16.0.1/", "http://192.0.0.192/", "http://198.18.0.1/", "http://203.0.113.7/", "http://224.0.0.1/",
    "http://255.255.255.255/", "http://[::]:{p}/", "http://[::1]:{p}/", "http://[0:0:0:0:0:0:0:1]:{p}/",
    "http://[0000::0001]:{p}/", "http://[::127.0.0.1]:{p}/", "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::ffff:7f00:1]:{p}/", "http://[::FFFF:7F00:0001]:{p}/", "http://[::ffff:0:127.0.0.1]:{p}/",
    "http://[64:ff9b::7f00:1]:{p}/", "http://[64:ff9b::169.254.169.254]/", "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]:{p}/", "http://[2002:7f00:0001::1]:{p}/", "http://[2001:0:7f00:1::]/", "http://[2001:db8::1]/",
    "http://[fe80::1]:{p}/", "http://[fd00:ec2::254]/latest/", "http://[fec0::1]/", "http://[ff02::1]:{p}/",
    "http://[fe80::a9fe:a9fe]/", "http://localhost:{p}/", "http://LOCALHOST:{p}/", "http://localhost.:{p}/",
    "http://inside.example:{p}/", "http://inside.example.:{p}/", "http://inside6.example:{p}/",
    "http://mapped.example:{p}/", "http://nat64.example:{p}/", "http://both.example:{p}/", "http://both6.example:{p}/",
    "http://metadata.example/", "http://linklocal.example/", "http://intranet:{p}/",
    # Digits and full stops of other scripts, which become 127.0.0.1 and localhost on the way.
    "http://①②⑦.⓪.⓪.①:{p}/", "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11:{p}/", "http://127。0。0。1:{p}/",
    "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54:{p}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{p}/",
]  # fmt: skip
INVALID = [
    # Numbers that only some read as an address.
    "http://127.1:{p}/", "http://127.0.1:{p}/", "http://2130706433:{p}/", "http://0x7f000001:{p}/", "http://0x7f.1:{p}/",
    "http://0x7f.0x0.0x0.0x1:{p}/", "http://0177.0.0.1:{p}/", "http://017700000001:{p}/", "http://0:{p}/",
    "http://0x:{p}/", "http://127.0.0.01:{p}/", "http://127.0.0.1.:{p}/", "http://127.0.0.256:{p}/",
    "http://1.2.3.4.5:{p}/", "http://127.0.0.0x1:{p}/", "http://example.com.127:{p}/", "http://4294967297:{p}/",
    "http://[127.0.0.1]:{p}/", "http://[::1:{p}/", "http://::1:{p}/", "http://[::1%25lo]:{p}/", "http://[::1%lo]:{p}/",
    "http://[fe80::1%25eth0]/", "http://[v1.x]:{p}/", "http://[]:{p}/",
    # Who goes before the host, or hides in it.
    "http://user@127.0.0.1:{p}/", "http://user:pass@inside.example:{p}/", "http://example.com@127.0.0.1:{p}/",
    "http://@127.0.0.1:{p}/", "http://:@127.0.0.1:{p}/", "http://example.com:80@127.0.0.1:{p}/",
    "http://127.0.0.1:{p}@example.com/", "http://127.0.0.1:{p}\\@example.com/", "http://example.com\\@127.0.0.1:{p}/",
    "http://127.0.0.1:{p}#@example.com/x y", "http://%31%32%37.0.0.1:{p}/", "http://127.0.0.1%00.example.com:{p}/",
    "http://localhost%2e:{p}/", "http://127.0.0.1%0d%0aX:{p}/", "http://exa mple.com/", "http://example.com\t:{p}/",
    "http://example.com\r\nHost: x/", "http://exam\x00ple.com/", " http://127.0.0.1:{p}/", "http://127.0.0.1:{p}/ ",
    "http://-example.com/", "http://exa..mple.com/", "http://.example.com/", "http://exa,mple.com/", "http://a|b.com/",
    f"http://{'a' * 64}.com/", f"http://{'a.' * 130}com/", f"http://example.com/{'a' * 2000}", "http://\ud800.com/",
    # Not the web, or not where the web listens.
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:{p}/_x", "ftp://127.0.0.1:{p}/",
    "dict://127.0.0.1:{p}/", "ldap://127.0.0.1:{p}/", "ws://127.0.0.1:{p}/", "unix:///tmp/x", "jar:http://127.0.0.1/!/",
    "javascript:alert(1)", "data:text/plain,x", "//127.0.0.1:{p}/", "127.0.0.1:{p}", "/etc/passwd", "", "http://",
    "http:///", "http:127.0.0.1:{p}/", "http:/127.0.0.1:{p}/", "http://?x", "http://#x", "http://:{p}/",
    "http://example.com:22/", "http://example.com:6379/", "http://example.com:0/", "http://example.com:65536/",
    "http://example.com:-80/", "http://example.com:x/", "http://example.com:25/", "https://example.com:5432/",
]  # fmt: skip
ODD = dict.fromkeys(BLOCKED, BlockedAddress) | dict.fromkeys(INVALID, InvalidUrl)


@pytest.fixture
async def canary() -> AsyncIterator[FakeSite]:
    """A server on every loopback that nobody may come to."""
    async with FakeSite() as site:
        yield site


@asynccontextmanager
async def client(site: FakeSite, allowed: Sequence[str] = (), names: Names | None = None) -> AsyncIterator[Outbound]:
    """Open a client that may use the port of a site besides the usual ones."""
    networks = [ip_network(each) for each in allowed]
    outbound = Outbound(networks, resolve=names or Names(**TABLE), ports={80, 443, site.port})
    try:
        yield outbound
    finally:
        await outbound.close()


async def test_no_odd_address_leads_inside(canary: FakeSite) -> None:
    """All of them are refused when they are saved and when they are used, and the canary sees nobody."""
    assert len(ODD) > 130
    async with client(canary) as outbound:
        for url, expected in ODD.items():
            whole = url.replace("{p}", str(canary.port))
            for verb in (outbound.check, partial(outbound.request, "GET")):
                with pytest.raises(Invalid) as refused:
                    await verb(whole)
                assert refused.type is expected, (whole, refused.value)
                assert "127" not in str(refused.value)
    assert canary.connections == 0


async def test_an_allowed_network_is_reached(canary: FakeSite) -> None:
    """The canary does sing: what is refused above is heard as soon as it is allowed, by number and by name."""
    async with client(canary, ["127.0.0.0/8", "::1/128"]) as outbound:
        for host in ("127.0.0.1", "[::1]", "inside.example", "localhost.", "①②⑦.⓪.⓪.①", "[::ffff:127.0.0.1]"):
            answer = await outbound.request("GET", f"http://{host}:{canary.port}/hook?x=%2B1")
            assert (answer.status, answer.body) == (200, b"ok")
    assert all(request.startswith(b"GET /hook?x=%2B1 ") for request in canary.requests)
    assert b"Host: inside.example:" in canary.requests[2]


async def test_a_name_that_changes_its_mind_does_not_help(canary: FakeSite) -> None:
    """Public when it is saved, and inside when it is used: the address that is connected to is looked at."""
    names = Names(rebind_example=[[PUBLIC], ["127.0.0.1"]])
    async with client(canary, names=names) as outbound:
        await outbound.check(f"http://rebind.example:{canary.port}/")
        with pytest.raises(BlockedAddress):
            await outbound.request("GET", f"http://rebind.example:{canary.port}/")
    assert (canary.connections, len(names.asked)) == (0, 2)


async def test_the_connection_goes_where_the_check_went(canary: FakeSite) -> None:
    """One look-up serves check and connection, so that there is no second one that could answer differently."""
    names = Names(rebind_example=[["127.0.0.1"], ["10.9.8.7"]])
    async with client(canary, ["127.0.0.0/8"], names) as outbound:
        for _ in range(2):
            assert (await outbound.request("GET", f"http://rebind.example:{canary.port}/")).status == 200
    # The second request took the connection that was kept.
    assert (len(names.asked), canary.connections) == (1, 1)


async def test_a_socket_asks_for_itself(canary: FakeSite) -> None:
    """Should aiohttp ever connect to what nobody looked up, the socket is not opened all the same."""

    async def believed(host: str, port: int) -> list[Address]:
        del host, port
        return [ip_address("127.0.0.1")]

    transport = Transport(Gatekeeper(believed, Outbound().permits), Patience())
    for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "believed.example"):
        with pytest.raises(BlockedAddress):
            await transport.request("GET", URL(f"http://{host}:{canary.port}/"), None, None, 100)
    await transport.close()
    assert canary.connections == 0


@pytest.mark.parametrize("host", ["nowhere.example", "none.example", "odd.example"])
async def test_a_name_that_is_not_there(canary: FakeSite, host: str) -> None:
    """It is told apart from one that leads inside."""
    async with client(canary) as outbound:
        with pytest.raises(HostNotFound):
            await outbound.check(f"http://{host}/")
