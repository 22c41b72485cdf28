"""Callers from different places, and people with a real password."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import update

from core import passwords
from models import users
from tests.fixtures.api import PASSWORD, Person
from tests.fixtures.people import Arrive

HOME = "203.0.113.7"
ELSEWHERE = "198.51.100.23"

From = Callable[[str], AsyncClient]
SignIn = Callable[..., Awaitable[Response]]


@pytest.fixture
async def caller(app: FastAPI) -> AsyncIterator[From]:
    """A way to call from an address of one's own: the peer, not a header."""
    async with AsyncExitStack() as stack:
        clients: dict[str, AsyncClient] = {}

        def of(address: str) -> AsyncClient:
            if address not in clients:
                transport = ASGITransport(app=app, raise_app_exceptions=False, client=(address, 5000))
                clients[address] = AsyncClient(transport=transport, base_url="http://test/api/v1")
                stack.push_async_callback(clients[address].aclose)
            return clients[address]

        yield of


@pytest.fixture
def sign_in(caller: From, ada: Person) -> SignIn:
    """A way to sign in as ada from an address."""

    async def sign_in(address: str, password: str = PASSWORD, **options: Any) -> Response:
        form = {"username": ada.user["email"], "password": password} | options.pop("form", {})
        return await caller(address).post("/auth/token", data=form, **options)

    return sign_in


@pytest.fixture(scope="session")
def stored_password() -> str:
    """The hash of the tests' password, made once because that is slow."""
    return asyncio.run(passwords.hashed(PASSWORD))


@pytest.fixture
async def ada(app: FastAPI, arrive: Arrive, stored_password: str) -> Person:
    """Ada, who can sign in with the tests' password."""
    ada = await arrive("ada")
    async with app.state.database.begin() as conn:
        await conn.execute(
            update(users).where(users.c.email == "ada@example.com").values(password_hash=stored_password)
        )
    return ada
