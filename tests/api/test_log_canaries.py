"""Canaries in every place of a request: none sings in the log, at DEBUG, whether the request succeeds or not."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from core.settings import Settings
from tests.fixtures.api import client_of, serve
from tests.fixtures.reminders import once

SECRET = "canary7Zq9vWx2LkPmN4tRbYcHdJfGs8aQeUo3"
MAIL = "canary.bird@example.com"
TITLE = "canary feeding at dawn"
SONGS = (SECRET, "canary.bird", "feeding", "eyJ", "rk_c4nary")
KEY = f"rk_c4nary000000_{SECRET}x7KqWz"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What all libraries say at DEBUG; what the application says is captured by pytest."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
async def talkative(settings: Settings) -> AsyncIterator[FastAPI]:
    """An application that logs all it can."""
    async with serve(settings.model_copy(update={"log_level": "DEBUG", "log_format": "json"})) as app:
        yield app


async def sing(client: AsyncClient) -> list[int]:
    """Make requests with canaries in every place; return their statuses."""
    account = {"email": MAIL, "name": TITLE, "password": SECRET}
    form = {"username": MAIL, "password": SECRET}
    statuses = [(await client.post("/auth/register", json=account)).status_code]
    signed_in = await client.post("/auth/token", data=form)
    statuses.append(signed_in.status_code)
    token = {"Authorization": f"Bearer {signed_in.json().get('access_token', SECRET)}"}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/auth/register", {"json": account}),
        ("POST", "/auth/token", {"data": form | {"password": f"{SECRET}!"}}),
        ("POST", "/auth/refresh", {"json": {"refresh_token": SECRET}}),
        ("POST", "/reminders", {"json": once(message=TITLE), "headers": token | {"Idempotency-Key": SECRET}}),
        ("POST", "/reminders", {"json": once(message=TITLE, colour=MAIL), "headers": token}),
        ("POST", "/reminders", {"content": f'{{"message": "{TITLE}', "headers": token}),
        ("POST", "/users/me/addresses", {"json": {"kind": "email", "value": f"x{MAIL}"}, "headers": token}),
        ("POST", "/users/me/addresses", {"json": {"kind": "slack", "value": SECRET}, "headers": token}),
        ("GET", f"/users/me?token={SECRET}&mail={MAIL}", {"headers": token}),
        ("GET", f"/reminders/{SECRET}", {"headers": token | {"X-Request-ID": KEY[:90]}}),
        ("GET", f"/nowhere/{MAIL}", {"headers": {"Cookie": f"s={SECRET}", "User-Agent": MAIL}}),
        ("GET", "/users/me", {"headers": {"Authorization": f"Bearer {KEY}"}}),
        ("GET", "/users/me", {"headers": {"Authorization": f"Basic {SECRET}=="}}),
        ("DELETE", "/users/me/addresses/01a20560-2b2d-7da0-b0ef-3231b97dc885", {"headers": token}),
    ]
    for method, path, options in requests:
        statuses.append((await client.request(method, path, **options)).status_code)
    return statuses


def heard(written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what was logged of what must not be."""
    shown = capsys.readouterr()
    # The test's own client logs what it asks for.
    lines = [line for line in written.getvalue().splitlines() if not line.startswith("HTTP Request")]
    text = "\n".join([*lines, shown.out, shown.err])
    assert '"request"' in text
    return [song for song in SONGS if song in text]


async def test_no_request_sings(talkative: FastAPI, written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """Passwords, tokens, addresses and what people write, in bodies, paths, headers and queries."""
    async with client_of(talkative) as client:
        statuses = await sing(client)
    assert statuses[:2] == [201, 200]
    assert {401, 404, 409, 422} <= set(statuses)
    assert heard(written, capsys) == []


async def test_no_failure_sings(talkative: FastAPI, written: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """The same while the database refuses, with errors that repeat what was sent, and while nothing works at all."""
    async with client_of(talkative) as client:
        assert (await sing(client))[0] == 201
        async with talkative.state.database.begin() as conn:
            await conn.exec_driver_sql("alter table reminders add check (message not like 'canary%') not valid")
            await conn.exec_driver_sql("alter table addresses add check (shown_value not like 'y%') not valid")
        token = (await client.post("/auth/token", data={"username": MAIL, "password": SECRET})).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        refused = await client.post("/reminders", json=once(message=TITLE), headers=bearer)
        address = {"kind": "email", "value": f"y{MAIL}"}
        refused_too = await client.post("/users/me/addresses", json=address, headers=bearer)
        talkative.state.ringer = object()
        broken = await client.get("/users/me", headers=bearer)
    assert (refused.status_code, refused_too.status_code, broken.status_code) == (409, 409, 500)
    assert heard(written, capsys) == []
