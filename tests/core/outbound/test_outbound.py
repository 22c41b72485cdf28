"""What a server may do to us: little, and not for long."""

import asyncio
import gzip
import ssl
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest

from core.outbound import AnswerTooLarge, HostNotFound, NoAnswer, NotReached, Outbound, OutboundFailed, Patience
from core.outbound.names import Resolve
from tests.core.outbound.names import Names
from tests.fakes.http_site import FakeSite
from tests.fixtures.tls import Certificate
from tests.house.source import ROOT

LOOPBACK = [ip_network("127.0.0.0/8")]
NAMES = {name: [["127.0.0.1"]] for name in ("site_example", "other_example")}


@asynccontextmanager
async def client(
    site: FakeSite,
    *,
    resolve: Resolve | None = None,
    tls: ssl.SSLContext | None = None,
    patience: Patience | None = None,
) -> AsyncIterator[Outbound]:
    """Open a client that may reach a site of the test, by two names."""
    names = resolve or Names(**NAMES)
    outbound = Outbound(LOOPBACK, resolve=names, ports={80, site.port}, tls=tls, patience=patience)
    try:
        yield outbound
    finally:
        await outbound.close()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return the bytes of an answer."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def test_a_request_is_sent_as_it_was_given() -> None:
    """Method, path, headers and body go out; no cookie, no credentials; status, headers and body come back."""
    async with (
        FakeSite(answer(b"no", "Set-Cookie: a=b", "X-Y: z", status="418 Teapot")) as site,
        client(site) as outbound,
    ):
        for _ in range(2):
            said = await outbound.request(
                "POST", f"http://site.example:{site.port}/a?b=c#d", headers={"X-A": "1"}, body=b"{}"
            )
    assert (said.status, said.body, said.headers["x-y"]) == (418, b"no", "z")
    assert site.requests[1].startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert site.requests[1].endswith(b"\r\n\r\n{}")
    assert b"X-A: 1\r\n" in site.requests[1]
    assert b"cookie" not in site.requests[1].lower()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    """It is an answer like any other; what it points to sees nobody."""
    async with FakeSite() as canary:
        to = f"Location: http://127.0.0.1:{canary.port}/"
        async with FakeSite(answer(b"", to, status=f"{status} Elsewhere")) as site, client(site) as outbound:
            assert (await outbound.request("GET", f"http://site.example:{site.port}/")).status == status
    assert canary.connections == 0


async def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a proxy nor a file of passwords that the environment names is used."""
    async with FakeSite() as proxy, FakeSite() as site, client(site) as outbound:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await outbound.request("GET", f"http://site.example:{site.port}/")).status == 200
    assert (proxy.connections, site.connections) == (0, 1)


@pytest.mark.parametrize(("size", "fits"), [(64 * 1024, True), (64 * 1024 + 1, False)])
async def test_a_body_has_a_limit(size: int, fits: bool) -> None:
    """64 kB are read, and not one byte more; the error tells the status."""
    async with FakeSite(answer(b"x" * size, status="201 Created")) as site, client(site) as outbound:
        asked = outbound.request("GET", f"http://site.example:{site.port}/")
        if fits:
            assert len((await asked).body) == size
        else:
            with pytest.raises(AnswerTooLarge, match="more than 64 kB") as refused:
                await asked
            assert refused.value.status == 201


@pytest.mark.parametrize("how", ["gzip", "deflate", "chunked"])
async def test_a_bomb_is_cut_off_early(how: str) -> None:
    """What is small on the wire counts by what becomes of it, and never fills our memory."""
    zeros = b"\0" * 50_000_000
    if how == "chunked":
        bomb = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % len(zeros) + zeros
    else:
        bomb = answer({"gzip": gzip.compress, "deflate": zlib.compress}[how](zeros), f"Content-Encoding: {how}")
    del zeros
    async with FakeSite(bomb) as site, client(site) as outbound:
        tracemalloc.start()
        with pytest.raises(AnswerTooLarge):
            await outbound.request("GET", f"http://site.example:{site.port}/")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    # The server's own buffers are part of it.
    assert peak < (5_000_000 if how != "chunked" else 110_000_000)


async def test_what_is_compressed_is_unpacked() -> None:
    """An honest server may compress."""
    async with FakeSite(answer(gzip.compress(b"BEGIN"), "Content-Encoding: gzip")) as site, client(site) as outbound:
        assert (await outbound.request("GET", f"http://site.example:{site.port}/")).body == b"BEGIN"


ODD = [
    b"", b"\0" * 100, b"SSH-2.0-x\r\n", b"HTTP/9.9 200 OK\r\n\r\n", b"HTTP/1.1 xyz\r\n\r\n",
    b"HTTP/1.1 99999 OK\r\n\r\n", *(b"HTTP/1.1 200 OK\r\n" + rest for rest in (
        b"Content-Length: -1\r\n\r\n", b"Content-Length: 5\r\n\r\nab",
        b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", b"A: b\r\n" * 9000, b"A: " + b"b" * 20_000 + b"\r\n\r\n",
        b"Content-Encoding: gzip\r\n\r\nno gzip", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Set-Cookie: \xff=\x01\r\nContent-Length: 2\r\n\r\n",
    )),
]  # fmt: skip


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
async def test_an_odd_answer_is_no_fault_of_ours(said: bytes) -> None:
    """Whatever is no whole answer is NoAnswer, because the server has read the request."""

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(said)

    async with FakeSite(say=say) as site, client(site) as outbound:
        with pytest.raises(NoAnswer):
            await outbound.request("GET", f"http://site.example:{site.port}/")


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
async def test_a_server_that_drips_is_left(first: bytes) -> None:
    """Patience is for all of it together, however steadily something comes."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while not writer.is_closing():
            writer.write(b"x" if first else b"H")
            await asyncio.sleep(0.05)

    async with FakeSite(say=drip) as site, client(site, patience=Patience(total=0.3)) as outbound:
        with pytest.raises(NoAnswer):
            await outbound.request("GET", f"http://site.example:{site.port}/")


async def test_nobody_there_means_that_nothing_was_sent() -> None:
    """A closed port is NotReached, so that whoever asked may ask again without harm."""
    async with FakeSite() as site, client(site) as outbound:
        for server in site._servers:
            server.close()
        with pytest.raises(NotReached):
            await outbound.request("POST", f"http://site.example:{site.port}/", body=b"x")


async def test_a_silent_name_server_is_left() -> None:
    """A name that takes too long to find is not found, and nothing was sent."""

    async def silent(host: str, port: int) -> Sequence[str]:
        del host, port
        await asyncio.sleep(60)
        return ["127.0.0.1"]

    async with FakeSite() as site, client(site, resolve=silent, patience=Patience(name=0.1)) as outbound:
        with pytest.raises(HostNotFound):
            await outbound.request("GET", f"http://site.example:{site.port}/")
    assert site.connections == 0


async def test_a_certificate_must_be_for_the_name(certificate: Certificate) -> None:
    """It is checked against the name that was asked for, though the connection goes to a number."""
    tls = certificate.server("site.example")
    async with FakeSite(tls=tls) as site, client(site, tls=certificate.trusting) as outbound:
        assert (await outbound.request("GET", f"https://site.example:{site.port}/")).body == b"ok"
        for host in ("other.example", "127.0.0.1"):
            with pytest.raises(NotReached, match="certificate"):
                await outbound.request("GET", f"https://{host}:{site.port}/")
    assert len(site.requests) == 1


async def test_an_unknown_authority_is_not_trusted(certificate: Certificate) -> None:
    """Without our word for it, a certificate that a stranger signed opens nothing."""
    async with FakeSite(tls=certificate.server("site.example")) as site, client(site) as outbound:
        with pytest.raises(OutboundFailed, match="certificate"):
            await outbound.request("GET", f"https://site.example:{site.port}/")
    assert site.requests == []


def test_the_start_imports_no_client() -> None:
    """Both aiohttp and yarl are imported by the first request, not by the application."""
    code = "import sys, api.app; print([m for m in ('aiohttp', 'yarl', 'slack_sdk') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
