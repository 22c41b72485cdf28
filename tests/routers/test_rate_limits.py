"""Rate limits at the door: whose bucket a request is taken from, and what every answer says of it."""

from collections.abc import Mapping
from ipaddress import ip_network

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from core import api_keys
from core.settings import Settings
from tests.fixtures.api import Person
from tests.fixtures.people import Arrive
from tests.fixtures.programs import program

PEOPLE, STRANGERS = 6, 4


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Six requests a minute for whoever is signed in, four for an address, behind a proxy of ours."""
    limits = {"rate_limit_requests": PEOPLE, "rate_limit_anonymous": STRANGERS}
    proxies = {"trusted_proxies": [ip_network("127.0.0.0/8")]}
    return Settings(_env_file=None, **(settings.model_dump() | limits | proxies))


def left(answer: Response) -> int:
    """Return how many requests an answer says are left."""
    return int(answer.headers["ratelimit-remaining"])


def source(address: str) -> Mapping[str, str]:
    """Return what our proxy says of a client."""
    return {"X-Forwarded-For": address}


def imitated(key: Person) -> str:
    """Return a well-formed key with somebody's public id and another secret."""
    body = f"rk_{key.user['public_id']}_{'0' * 43}"
    return body + api_keys._checksum(body)


async def forged(client: AsyncClient, token: str, address: str = "198.51.100.1") -> Response:
    """Ask with some token from some address."""
    return await client.get("/reminders", headers={"Authorization": f"Bearer {token}", **source(address)})


async def test_every_answer_says_where_one_stands(ada: Person, client: AsyncClient) -> None:
    """Those that find, refuse, create and fail, signed in or not; only probes are not counted."""
    answers = [
        await ada.get("/reminders"),
        await ada.post("/reminders", json={}),
        await ada.get(f"/reminders/{ada.team_id}"),
        await client.get("/reminders"),
        await client.get("/nowhere"),
        await client.get("http://test/docs"),
    ]
    assert [(answer.status_code, left(answer)) for answer in answers] == [
        (200, 5), (422, 4), (404, 3), (401, 3), (404, 2), (200, 1),
    ]  # fmt: skip
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"6", "4"}
    assert all(0 < int(answer.headers["ratelimit-reset"]) <= 60 for answer in answers)
    assert "ratelimit-limit" not in (await client.get("http://test/healthz")).headers


async def test_over_the_limit_is_429(ada: Person) -> None:
    """The seventh request of a minute is refused with when to come back, and the eighth too."""
    answers = [await ada.get("/reminders") for _ in range(PEOPLE + 2)]
    assert [answer.status_code for answer in answers] == [200] * PEOPLE + [429] * 2
    refused = answers[-1]
    assert (refused.json()["code"], left(refused)) == ("rate_limited", 0)
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["x-request-id"]


async def test_strangers_share_an_address(client: AsyncClient) -> None:
    """After four requests an address is refused everywhere, before anything is read, and another is not."""
    for _ in range(STRANGERS):
        assert (await client.get("/nowhere", headers=source("192.0.2.1"))).status_code == 404
    for method, path in (("GET", "/nowhere"), ("POST", "/auth/token"), ("GET", "/reminders")):
        answer = await client.request(method, path, headers=source("192.0.2.1"))
        assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert (await client.get("/nowhere", headers=source("192.0.2.2"))).status_code == 404


async def test_what_one_network_is(client: AsyncClient) -> None:
    """A /64 of IPv6 is one, and IPv4 in the clothes of IPv6 is IPv4."""
    first = [await client.get("/nowhere", headers=source(f"2001:db8:0:1::{n:x}")) for n in range(1, 4)]
    assert [left(answer) for answer in first] == [3, 2, 1]
    assert left(await client.get("/nowhere", headers=source("2001:db8:0:2::1"))) == 3
    same = [await client.get("/nowhere", headers=source(name)) for name in ("192.0.2.7", "::ffff:192.0.2.7")]
    assert [left(answer) for answer in same] == [3, 2]


async def test_a_forged_forwarding_changes_no_bucket(app: FastAPI) -> None:
    """Who is no proxy of ours may write what they like, and who is behind one may too: the last hop counts."""
    transport = ASGITransport(app=app, client=("203.0.113.9", 1))
    async with AsyncClient(transport=transport, base_url="http://test/api/v1") as stranger:
        answers = [await stranger.get("/nowhere", headers=source(f"192.0.2.{n}")) for n in range(3)]
    assert [left(answer) for answer in answers] == [3, 2, 1]
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test/api/v1") as proxied:
        answers = [await proxied.get("/nowhere", headers=source(f"192.0.2.{n}, 198.51.100.7")) for n in range(3)]
    assert [left(answer) for answer in answers] == [3, 2, 1]


async def test_programs_and_people_have_their_own(ada: Person) -> None:
    """What a program asks is not taken from its maker, nor from another program."""
    one, two = [await program(ada, ada.team_id) for _ in range(2)]
    assert [left(await who.get("/reminders")) for who in (one, one, two, ada)] == [5, 4, 5, 3]


async def test_tokens_that_are_none_are_taken_from_their_address(ada: Person, client: AsyncClient) -> None:
    """Garbage, a changed signature, somebody's key with another secret: none empties the bucket it points at."""
    key = await program(ada, ada.team_id)
    assert left(await key.get("/reminders")) == 5
    tokens = ("garbage", ada.tokens["access_token"][:-4] + "AAAA", imitated(key))
    answers = [await forged(client, token) for token in tokens]
    assert [(answer.status_code, left(answer)) for answer in answers] == [(401, 3), (401, 2), (401, 1)]
    assert [left(await who.get("/reminders")) for who in (key, ada)] == [4, 4]


async def test_an_address_that_asked_too_much_keeps_nobody_out(ada: Person, client: AsyncClient) -> None:
    """From there, forged tokens are refused before the database is asked; genuine ones, and known keys, get in."""
    key, unknown = [await program(ada, ada.team_id) for _ in range(2)]
    address = "198.51.100.1"
    assert (await forged(client, key.tokens["access_token"], address)).status_code == 200
    for _ in range(STRANGERS + 1):
        await client.get("/nowhere", headers=source(address))
    known = (ada.tokens["access_token"], key.tokens["access_token"])
    others = ("garbage", unknown.tokens["access_token"], imitated(key))
    answers = [await forged(client, token, address) for token in (*known, *others)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429]


async def test_a_token_does_not_open_what_strangers_use(ada: Person, client: AsyncClient) -> None:
    """Where nobody needs to be signed in a request is taken from its address, whatever token it bears."""
    for _ in range(STRANGERS):
        await client.get("/nowhere", headers=source("198.51.100.1"))
    asked = {"Authorization": f"Bearer {ada.tokens['access_token']}", **source("198.51.100.1")}
    answer = await client.post("/auth/token", data={"username": "a@example.com", "password": "x" * 12}, headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")


async def test_an_ended_session_is_taken_from_its_address(arrive: Arrive, client: AsyncClient) -> None:
    """A token that was genuine until its session ended empties no person's bucket."""
    ada = await arrive("ada")
    await ada.post("/auth/logout")
    answers = [await forged(client, ada.tokens["access_token"]) for _ in range(2)]
    assert [(answer.status_code, left(answer)) for answer in answers] == [(401, 3), (401, 2)]
