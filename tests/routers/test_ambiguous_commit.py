"""A connection that is cut at COMMIT: nobody knows whether it was done, until the request is repeated."""

import asyncio
from collections.abc import AsyncIterator
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import SecretStr
from sqlalchemy import func, select

from core.settings import Settings
from core.work import begin
from models import reminders, teams, users
from tests.fixtures.api import PASSWORD, Person, client_of, serve
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import once

Cut = Literal["before", "after"]
ACCOUNT = {"email": "new@example.com", "name": "New", "password": PASSWORD}


class Wire:
    """What lies between the application and its database; armed, it breaks at a COMMIT, before or after it."""

    def __init__(self, database_url: str) -> None:
        self.where = urlsplit(database_url)
        self.cut: Cut | None = None
        self.commits = 0
        """How many are let through, and the one that is cut."""
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the database over this wire."""
        user = self.where.netloc.rpartition("@")[0]
        return self.where._replace(netloc=f"{user}@127.0.0.1:{self.port}", query="").geturl()

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the server, over TCP or its socket."""
        given = parse_qs(self.where.query)
        port = given.get("port", ["5432"])[0]
        if "host" in given:
            return await asyncio.open_unix_connection(f"{given['host'][0]}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self.where.hostname, self.where.port or 5432)

    async def carry(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        server, forth = await self.open()
        answers = asyncio.create_task(self._answers(server, back))
        try:
            while data := await client.read(65536):
                self.commits -= bool(self.cut and b"COMMIT" in data)
                if self.cut and self.commits == 0:
                    done, self.cut = self.cut == "after", None
                    if done:
                        answers.cancel()
                        await asyncio.wait([answers])
                        forth.write(data)
                        await server.read(65536)
                    break
                forth.write(data)
        finally:
            answers.cancel()
            forth.close()
            back.close()

    async def _answers(self, server: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        while data := await server.read(65536):
            back.write(data)
        back.close()


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    """The wire to this test's database."""
    wire = Wire(database_url)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    async with server:
        yield wire


@pytest.fixture
async def app(settings: Settings, wire: Wire) -> AsyncIterator[FastAPI]:
    """An application at the end of the wire."""
    async with serve(settings.model_copy(update={"database_url": SecretStr(wire.url)})) as app:
        yield app


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_repetition_resolves_it(app: FastAPI, arrive: Arrive, wire: Wire, cut: Cut) -> None:
    """Whether the lost COMMIT was done or not: 503, then under the same key the answer, and one effect."""
    ada, stranger = await arrive("ada"), client_of(app)
    # What limits registering commits on its own, before.
    asked: list[tuple[Person | AsyncClient, str, dict[str, object]]] = [
        (ada, f"/teams/{ada.team_id}/reminders", once()),
        (ada, f"/teams/{ada.team_id}/reminders/bulk", {"reminders": [once(), once()]}),
        (ada, "/teams", {"name": "Sales"}),
        (stranger, "/auth/register", ACCOUNT),
    ]
    for who, path, body in asked:
        wire.cut, wire.commits = cut, 2 if who is stranger else 1
        lost = await who.post(path, json=body, headers={"Idempotency-Key": path})
        assert (lost.status_code, lost.json()["code"]) == (503, "not_committed"), path
        again = [await who.post(path, json=body, headers={"Idempotency-Key": path}) for _ in range(2)]
        assert [answer.status_code for answer in again] == [201, 201], path
        assert again[0].content == again[1].content
        replayed = [answer.headers.get("Idempotent-Replayed") for answer in again]
        assert replayed == [None if cut == "before" else "true", "true"], path
    async with begin(app.state.database) as work:
        counts = [
            (await work.conn.execute(select(func.count()).select_from(each))).scalar_one()
            for each in (reminders, users)
        ]
        own = select(func.count()).where(teams.c.personal_of.is_(None))
        assert [*counts, (await work.conn.execute(own)).scalar_one()] == [3, 2, 1]
