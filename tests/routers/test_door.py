"""The door: what is answered has been committed, and is answered once."""

from datetime import datetime

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, text

from core.work import Work
from models import idempotency_keys
from routers.door import expected_versions
from tests.fixtures.api import PASSWORD, Person
from tests.fixtures.reminders import Crowd, once

ADDRESS = {"kind": "slack", "value": "C024BE91L"}
FAIL_AT_COMMIT = (
    "create function fail() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$",
    """create constraint trigger fail after insert on addresses deferrable initially deferred
       for each row execute function fail()""",
)


class Bell:
    """A ringer that remembers when it was rung."""

    def __init__(self) -> None:
        self.rung: list[datetime] = []

    async def ring(self, work: Work) -> None:
        self.rung.append(work.now)

    async def close(self) -> None:
        """Close nothing."""


async def test_a_failing_commit_is_503_and_rings_nothing(app: FastAPI, signed_in: Person) -> None:
    """When the commit fails, the answer is 503 with Retry-After instead of a 201 for nothing, and no bell rings."""
    app.state.ringer = bell = Bell()
    async with app.state.database.begin() as conn:
        for statement in FAIL_AT_COMMIT:
            await conn.execute(text(statement))
    answer = await signed_in.post("/users/me/addresses", json=ADDRESS)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_committed")
    assert answer.headers["Retry-After"] == "2"
    assert bell.rung == []
    assert len((await signed_in.get("/users/me/addresses")).json()["items"]) == 1
    assert len(bell.rung) == 1


async def test_a_connection_lost_before_the_commit_is_503(app: FastAPI, signed_in: Person) -> None:
    """When PostgreSQL ends our connection, the request is refused as passing, and the next one is served."""
    async with app.state.database.connect() as conn:
        others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        await conn.execute(text(f"select pg_terminate_backend(pid) {others}"))
    codes = [(await signed_in.get("/users/me")).status_code for _ in range(3)]
    assert set(codes) <= {200, 503}
    assert codes[-1] == 200


async def test_an_answer_is_kept_for_a_day(app: FastAPI, signed_in: Person) -> None:
    """Under the same key the first answer comes again, byte for byte; a day later the key is free."""
    key = {"Idempotency-Key": "k1"}
    first = await signed_in.post("/users/me/addresses", json=ADDRESS, headers=key)
    again = await signed_in.post("/users/me/addresses/", json=ADDRESS, headers=key)
    assert (again.status_code, again.content, again.headers["ETag"]) == (201, first.content, first.headers["ETag"])
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    async with app.state.database.begin() as conn:
        await conn.execute(text("update idempotency_keys set created_at = created_at - interval '25 h'"))
    later = await signed_in.post("/users/me/addresses", json=ADDRESS, headers=key)
    assert (later.status_code, later.json()["code"]) == (409, "address_exists")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "ä"])
async def test_a_key_is_visible_ascii(signed_in: Person, key: str) -> None:
    """Any other Idempotency-Key is refused by name."""
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answer = await signed_in.post("/users/me/addresses", json=ADDRESS, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_idempotency_key")


async def test_secrets_are_kept_sealed(app: FastAPI, client: AsyncClient, signed_in: Person) -> None:
    """An answer with tokens comes again to whoever repeats the whole request, and cannot be read in the table."""
    headers = {"Idempotency-Key": "k1"}
    body = {"refresh_token": signed_in.tokens["refresh_token"]}
    first = await client.post("/auth/refresh", json=body, headers=headers)
    second = await client.post("/auth/refresh", json=body, headers=headers)
    assert (first.status_code, second.content) == (200, first.content)
    async with app.state.database.connect() as conn:
        row = (await conn.execute(select(idempotency_keys))).one()
    assert all(secret not in row.body.decode() for secret in first.json().values() if isinstance(secret, str))
    assert (row.user_id.int, row.status_code) == (0, 200)


async def test_strangers_under_one_key_do_not_meet(client: AsyncClient) -> None:
    """Where nobody is signed in, a key belongs to the whole request: another body is another request."""
    accounts = [{"email": f"{name}@example.com", "name": name, "password": PASSWORD} for name in ("ada", "bob")]
    headers = {"Idempotency-Key": "1"}
    answers = [await client.post("/auth/register", json=each, headers=headers) for each in (*accounts, accounts[0])]
    assert [answer.json()["name"] for answer in answers] == ["ada", "bob", "ada"]
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, None, "true"]


async def test_who_has_left_gets_no_answer_again(crowd: Crowd) -> None:
    """A kept answer about a team is for its members; under the key nothing is done a second time either."""
    asked = [(crowd.reminders, once()), ("/reminders", once(team_id=crowd.team_id)), ("/reminders", once())]
    keys = [{"Idempotency-Key": str(n)} for n in range(3)]
    for (path, body), key in zip(asked, keys, strict=True):
        assert (await crowd.member.post(path, json=body, headers=key)).status_code == 201
    await crowd.member.post(f"/teams/{crowd.team_id}/leave")
    again = [
        await crowd.member.post(path, json=body, headers=key) for (path, body), key in zip(asked, keys, strict=True)
    ]
    assert [answer.status_code for answer in again] == [404, 404, 201]
    assert again[2].headers["Idempotent-Replayed"] == "true"


async def test_strangers_take_no_connection(app: FastAPI, signed_in: Person) -> None:
    """A request without a genuine token is refused although every connection is in use."""
    pool = [await app.state.database.connect() for _ in range(5)]
    try:
        signed_in.tokens = {"access_token": "x.y.z"}
        assert (await signed_in.get("/users/me")).status_code == 401
    finally:
        for conn in pool:
            await conn.close()


def test_if_match_is_read_as_a_list_of_strong_tags() -> None:
    """Nothing and `*` accept any version; weak and foreign tags accept none."""
    assert expected_versions(None) is None
    assert expected_versions(" * ") is None
    assert expected_versions('"3"') == {3}
    assert expected_versions('"3" , "4"') == {3, 4}
    assert expected_versions('W/"3", "x", "٣", 3, "", "99999999999"') == frozenset()
