"""Limits on signing in: they hold against forged headers and an emptied Redis, and leave the owner a way in."""

import asyncio
import itertools
import threading
from ipaddress import ip_network
from typing import Any

import pytest
import redis
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, select, text

from core import passwords
from core.settings import Settings
from models import limits, sessions
from tests.fixtures.api import PASSWORD
from tests.security.conftest import ELSEWHERE, HOME, From, SignIn


async def _execute(app: FastAPI, statement: Any) -> Any:
    async with app.state.database.begin() as conn:
        return await conn.execute(statement)


def _forged(number: int) -> dict[str, str]:
    """Return headers in which a liar names another address each time."""
    address = f"10.{number}.1.1"
    return {
        "X-Forwarded-For": f"{address}, 192.0.2.{number}",
        "Forwarded": f"for={address}",
        "X-Real-IP": address,
        "Authorization": f"Bearer forged.{number}.token",
        "User-Agent": f"agent {number}",
    }


class TestTwoHundredLogins:
    """The attack of the specification."""

    @pytest.fixture
    def settings(self, settings: Settings, redis_url: str) -> Settings:
        """Settings with Redis, which is where a limit must not live."""
        return settings.model_copy(update={"redis_url": SecretStr(redis_url)})

    async def test_are_throttled_and_the_owner_gets_in_from_elsewhere(self, sign_in: SignIn, redis_url: str) -> None:
        """Of 200 with rotating headers, and Redis emptied every ten, a handful is tried; from elsewhere Ada gets in."""
        answers = []
        with redis.Redis.from_url(redis_url) as valkey:
            for number in range(200):
                if number % 10 == 0:
                    valkey.flushall()
                answers.append(await sign_in(HOME, "wrong horse", headers=_forged(number)))
        statuses = [answer.status_code for answer in answers]
        assert statuses[:5] == [401] * 5
        assert set(statuses) == {401, 429}
        assert statuses.count(401) <= 10
        assert answers[-1].headers["Retry-After"] == answers[-1].headers["RateLimit-Reset"]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert (await sign_in(ELSEWHERE)).status_code == 200


class TestBehindAProxy:
    """The proxy is named in the settings, and only it may say who asks."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Settings that trust one network."""
        return settings.model_copy(update={"trusted_proxies": (ip_network("10.0.0.0/8"),)})

    async def test_it_names_the_client(self, sign_in: SignIn) -> None:
        """Those who fail are told apart by what the proxy says, and by nothing left of that."""
        lies = itertools.count()

        async def through_proxy(client: str, password: str) -> int:
            said = f"192.0.2.{next(lies)}, {client}"
            return (await sign_in("10.0.0.1", password, headers={"X-Forwarded-For": said})).status_code

        assert [await through_proxy(HOME, "wrong horse") for _ in range(7)] == [401] * 6 + [429]
        assert await through_proxy(ELSEWHERE, PASSWORD) == 200


async def test_many_addresses_slow_an_account_down_for_unknown_places_only(app: FastAPI, sign_in: SignIn) -> None:
    """When the whole world guesses, strangers wait, and the owner signs in from where she has been before."""
    assert (await sign_in(HOME)).status_code == 200
    await _execute(app, text("update limits set level = 0"))
    statuses = [(await sign_in(f"198.51.{n}.1", "wrong horse")).status_code for n in range(24)]
    assert (statuses[:20], statuses[-1]) == ([401] * 20, 429)
    assert (await sign_in("192.0.2.77")).status_code == 429
    assert (await sign_in(HOME.replace(".7", ".99"))).status_code == 200


async def test_a_place_from_where_a_thief_was_thrown_out_is_not_known(app: FastAPI, sign_in: SignIn) -> None:
    """A session that ended because its refresh token was stolen opens no lane."""
    await sign_in(HOME)
    await _execute(app, text("update sessions set revoked_at = now(), revoked_reason = 'refresh_reused'"))
    await _execute(app, text("update limits set blocked_until = now() + interval '30 s'"))
    assert (await sign_in(HOME.replace(".7", ".99"), "wrong horse")).status_code == 429
    await _execute(app, text("update sessions set revoked_reason = 'logout'"))
    assert (await sign_in(HOME.replace(".7", ".99"), "wrong horse")).status_code == 401


async def test_what_is_refused_is_not_counted(app: FastAPI, sign_in: SignIn) -> None:
    """However often a blocked address knocks, no level rises."""
    for _ in range(6):
        await sign_in(HOME, "wrong horse")
    before = (await _execute(app, select(limits.c.key_hash, limits.c.level).order_by(limits.c.key_hash))).all()
    assert {(await sign_in(HOME, "wrong horse")).status_code for _ in range(20)} == {429}
    assert (await _execute(app, select(limits.c.key_hash, limits.c.level).order_by(limits.c.key_hash))).all() == before


async def test_an_office_may_sign_in_as_often_as_it_likes(app: FastAPI, sign_in: SignIn) -> None:
    """A right password takes its count back: no level of account, address or all stays."""
    for _ in range(3):
        assert (await sign_in(HOME)).status_code == 200
    levels = sorted((await _execute(app, select(limits.c.level).where(limits.c.level > 0))).scalars())
    assert [round(level, 1) for level in levels] == [3.0]


async def test_one_person_cannot_fill_the_table_of_sessions(app: FastAPI, sign_in: SignIn) -> None:
    """Right passwords are counted by person too, and above six hundred an hour they wait."""
    await sign_in(HOME)
    await _execute(app, text("update limits set level = 600, last_at = now() where level > 0"))
    assert (await sign_in(HOME)).status_code == 200
    assert (await sign_in(HOME)).status_code == 429
    assert (await _execute(app, select(func.count()).select_from(sessions))).scalar_one() == 3


async def test_subscribers_of_ipv6_are_one_whatever_address_they_use(sign_in: SignIn) -> None:
    """All addresses of a /64 are one; the next /64 is another."""
    statuses = [(await sign_in(f"2001:db8:0:1::{n:x}", "wrong horse")).status_code for n in range(1, 9)]
    assert statuses == [401] * 6 + [429] * 2
    assert (await sign_in("2001:db8:0:2::1", "wrong horse")).status_code == 401


async def test_no_connection_is_held_while_a_password_is_compared(app: FastAPI, sign_in: SignIn) -> None:
    """Hashing is slow, and the pool is for those who have work to do: who waits for a hash holds no connection."""
    hold = threading.Event()
    workers = [passwords._hasher.threads.submit(hold.wait) for _ in range(passwords._hasher.threads._max_workers)]
    try:
        waiting = asyncio.create_task(sign_in(HOME))
        while passwords._hasher.inside == 0:
            await asyncio.sleep(0.01)
        assert app.state.database.pool.checkedout() == 0
    finally:
        hold.set()
    assert (await waiting).status_code == 200
    assert all(worker.result() for worker in workers)


async def test_registering_waits_after_twenty_an_hour(app: FastAPI, caller: From) -> None:
    """A machine that makes accounts is slowed down by its address; outside of production a hundred times later."""
    body = {"email": "x", "name": "X", "password": "three wet socks on a line"}
    for address in (HOME, ELSEWHERE):
        assert (await caller(address).post("/auth/register", json=body)).status_code == 422
    await _execute(app, text("update limits set level = 2000, last_at = now()"))
    assert (await caller(HOME).post("/auth/register", json=body)).status_code == 422
    refused = await caller(HOME).post("/auth/register", json=body)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")


class TestWithoutLimits:
    """They can be switched off."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Settings without limits."""
        return settings.model_copy(update={"rate_limit_enabled": False})

    async def test_nothing_is_counted(self, app: FastAPI, sign_in: SignIn) -> None:
        """Nobody waits, and nothing is written."""
        assert {(await sign_in(HOME, "wrong horse")).status_code for _ in range(8)} == {401}
        assert (await _execute(app, select(func.count()).select_from(limits))).scalar_one() == 0
