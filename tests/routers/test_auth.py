"""Registering, signing in, staying signed in, signing out."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import func, select, text, update

from core import tokens
from models import addresses, audit_log, letters, limits, memberships, refresh_tokens, sessions
from tests.fixtures.api import PASSWORD, Person, Register

ADA = {"email": "Ada@Example.com", "name": "Ada", "password": PASSWORD}


async def _sign_in(client: AsyncClient, password: str = PASSWORD, email: str = "ada@example.com") -> Response:
    return await client.post("/auth/token", data={"username": email, "password": password})


async def _execute(app: FastAPI, statement: Any) -> Any:
    async with app.state.database.begin() as conn:
        return await conn.execute(statement)


async def test_registering_makes_team_and_address(app: FastAPI, client: AsyncClient) -> None:
    """A new account owns a personal team, and its mail address, in lower case, is its first address."""
    answer = await client.post("/auth/register", json=ADA | {"timezone": "Europe/Berlin"})
    assert answer.status_code == 201
    user = answer.json()
    assert (user["email"], user["timezone"], user["email_verified"]) == ("ada@example.com", "Europe/Berlin", True)
    row = (await _execute(app, select(memberships))).one()
    assert (str(row.team_id), str(row.user_id), row.role) == (user["personal_team_id"], user["id"], "owner")
    address = (await _execute(app, select(addresses))).one()
    assert (address.kind, address.shown_value) == ("email", "ada@example.com")
    assert address.verified_at is not None
    assert "ada" not in address.sealed_value


async def test_a_mail_address_registers_once(client: AsyncClient) -> None:
    """The same mail address in any case is 409 `email_taken`, also when two register at the same moment."""
    answers = await asyncio.gather(*(client.post("/auth/register", json=ADA) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    again = await client.post("/auth/register", json=ADA | {"email": "ADA@EXAMPLE.COM"})
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"password": "short"}, "password", "string_too_short"),
        ({"password": "password123"}, "password", "password_too_common"),
        ({"password": "x" * 129}, "password", "string_too_long"),
        ({"email": "nobody"}, "email", "invalid_email"),
        ({"email": "a@b.example\nBcc: x@y.example"}, "email", "invalid_email"),
        ({"name": "\0"}, "name", "invalid_text"),
        ({"timezone": "America"}, "timezone", "unknown_timezone"),
        ({"role": "owner"}, "role", "unknown_field"),
    ],
)
async def test_what_cannot_be_registered(client: AsyncClient, changed: dict[str, str], field: str, code: str) -> None:
    """A refused registration names the field and a stable code."""
    answer = await client.post("/auth/register", json=ADA | changed)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


async def test_signing_in_with_mail_address_and_password(client: AsyncClient) -> None:
    """The token of a sign-in opens the account; without it, or with a wrong one, the answer is 401."""
    await client.post("/auth/register", json=ADA)
    answer = await _sign_in(client, email="ADA@example.com")
    assert answer.json()["token_type"] == "bearer"
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await client.get("/users/me", headers=bearer)).status_code == 200
    for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eA=="}):
        refused = await client.get("/users/me", headers=headers)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_unknown_and_known_accounts_are_refused_alike(client: AsyncClient) -> None:
    """A wrong password and an unknown account get the same status and body."""
    await client.post("/auth/register", json=ADA)
    wrong = await _sign_in(client, "wrong horse")
    unknown = await _sign_in(client, email="nobody@example.com")
    strange = await _sign_in(client, email="\0 not an address")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert wrong.json() == unknown.json() == strange.json()


async def test_failures_make_the_next_attempt_wait(app: FastAPI, client: AsyncClient) -> None:
    """After some failures, also at once, even the right password waits; later it is let in and all is forgotten."""
    await client.post("/auth/register", json=ADA)
    answers = await asyncio.gather(*(_sign_in(client, "wrong horse") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [401] * 6 + [429] * 2
    waiting = await _sign_in(client)
    assert (waiting.status_code, waiting.json()["code"]) == (429, "too_many_attempts")
    assert (waiting.headers["Retry-After"], waiting.headers["RateLimit-Remaining"]) == ("1", "0")
    await _execute(app, text("update limits set blocked_until = now() - interval '2 min'"))
    assert (await _sign_in(client)).status_code == 200
    # What this address did to this account is forgotten; what the account suffered from everywhere still counts.
    levels = (await _execute(app, select(limits.c.level).order_by(limits.c.level))).scalars().all()
    assert levels[0] == 0
    assert levels[-1] > 4


async def test_the_wait_grows_to_a_minute_and_no_further(app: FastAPI, client: AsyncClient) -> None:
    """The wait doubles with each failure and ends at a minute, however many there were."""
    await _sign_in(client, "wrong horse")
    for failures, wait in ((6, "2"), (9, "16"), (40, "60"), (2_000_000, "60")):
        await _execute(app, update(limits).values(level=failures, last_at=func.now(), blocked_until=func.now()))
        await _sign_in(client, "wrong horse")
        assert (await _sign_in(client, "wrong horse")).headers["Retry-After"] == wait


async def _refresh(person: Person, token: str | None = None) -> Response:
    return await person.client.post("/auth/refresh", json={"refresh_token": token or person.tokens["refresh_token"]})


async def test_a_refresh_token_is_exchanged_for_the_next(signed_in: Person) -> None:
    """Refreshing gives a new pair; the new access token works and belongs to the same session."""
    answer = await _refresh(signed_in)
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != signed_in.tokens["refresh_token"]
    signed_in.tokens = answer.json()
    mine = (await signed_in.get("/auth/sessions")).json()["items"]
    assert [session["current"] for session in mine] == [True]


async def test_of_twenty_that_refresh_at_once_one_wins(signed_in: Person) -> None:
    """A refresh token works once, however many use it at the same moment; the others are refused, but no thieves."""
    answers = await asyncio.gather(*(_refresh(signed_in) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19
    assert {answer.json().get("code") for answer in answers} == {None, "refresh_token_used"}
    assert (await signed_in.get("/users/me")).status_code == 200
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await _refresh(signed_in, winner["refresh_token"])).status_code == 200


async def test_a_refresh_whose_answer_was_lost_may_be_repeated(signed_in: Person) -> None:
    """Under the same Idempotency-Key the answer comes again; without it, or under another, the token is used up."""
    body = {"refresh_token": signed_in.tokens["refresh_token"]}
    once, again, other = [
        await signed_in.client.post("/auth/refresh", json=body, headers={"Idempotency-Key": key})
        for key in ("one", "one", "two")
    ]
    assert (once.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (200, once.json(), "true")
    assert (other.status_code, other.json()["code"]) == (401, "refresh_token_used")


async def test_a_refresh_token_used_again_later_ends_the_session(app: FastAPI, signed_in: Person) -> None:
    """After ten seconds a second use is theft: thief and owner are out at once, which is audited and mailed once."""
    fresh = (await _refresh(signed_in)).json()
    await _execute(app, text("update refresh_tokens set used_at = used_at - interval '11 s'"))
    for _ in range(2):
        answer = await _refresh(signed_in)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token")
    assert (await _execute(app, select(sessions.c.revoked_reason))).scalar_one() == "refresh_reused"
    assert (await _refresh(signed_in, fresh["refresh_token"])).status_code == 401
    assert (await signed_in.get("/users/me")).status_code == 401
    reused = select(audit_log).where(audit_log.c.action == "session.refresh_reused")
    [note] = (await _execute(app, reused)).all()
    assert (str(note.user_id), note.result) == (signed_in.user["id"], "refused")
    told = select(letters.c.user_id).where(letters.c.kind == "refresh_reused")
    assert [str(each) for each in (await _execute(app, told)).scalars()] == [signed_in.user["id"]]


async def test_an_expired_or_unknown_refresh_token_is_refused(app: FastAPI, signed_in: Person) -> None:
    """A refresh token dies after its time, and one that was never issued never lived."""
    await _execute(app, update(refresh_tokens).values(expires_at=func.now()))
    assert (await _refresh(signed_in)).status_code == 401
    assert (await _refresh(signed_in, "x" * 43)).status_code == 401


async def test_an_access_token_lives_ten_minutes_by_the_databases_clock(app: FastAPI, signed_in: Person) -> None:
    """A token from eleven minutes ago is refused, whatever the clock of this host says."""
    claims = tokens.read(app.state.settings, signed_in.tokens["access_token"])
    statuses = []
    for minutes in (9, 11):
        issued = datetime.now(UTC) - timedelta(minutes=minutes)
        signed_in.tokens["access_token"] = tokens.issue(app.state.settings, claims, issued)
        statuses.append((await signed_in.get("/users/me")).status_code)
    assert statuses == [200, 401]


async def test_logging_out_is_at_once(signed_in: Person) -> None:
    """After a logout neither the access token nor the refresh token works."""
    assert (await signed_in.post("/auth/logout")).status_code == 204
    assert (await signed_in.get("/users/me")).status_code == 401
    assert (await _refresh(signed_in)).status_code == 401


async def test_sessions_are_ended_by_their_owner_only(register: Register, signed_in: Person) -> None:
    """I can sign out elsewhere; somebody else's session is 404 and goes on."""
    ada = await register()
    [mine] = (await signed_in.get("/auth/sessions")).json()["items"]
    assert (await ada.delete(f"/auth/sessions/{mine['id']}")).status_code == 404
    assert (await signed_in.get("/users/me")).status_code == 200
    assert (await signed_in.delete(f"/auth/sessions/{mine['id']}")).status_code == 204
    assert (await signed_in.get("/users/me")).status_code == 401


async def test_i_can_sign_out_everywhere_else(client: AsyncClient, signed_in: Person) -> None:
    """All my other sessions end at once, and this one goes on."""
    for _ in range(2):
        await _sign_in(client, email=signed_in.user["email"])
    assert (await signed_in.delete("/auth/sessions")).status_code == 204
    mine = (await signed_in.get("/auth/sessions")).json()["items"]
    assert [each["current"] for each in mine] == [True]


async def test_a_session_shows_no_more_of_an_address_than_its_neighbourhood(signed_in: Person) -> None:
    """Enough to recognise a stranger's session, too little to follow somebody around."""
    [mine] = (await signed_in.get("/auth/sessions")).json()["items"]
    assert (mine["client_network"], mine["user_agent"][:6]) == ("127.0.0.0/24", "python")


async def test_sessions_come_in_pages(signed_in: Person, client: AsyncClient) -> None:
    """The pages of my sign-ins hold each once, the last used first."""
    await _sign_in(client, email=signed_in.user["email"])
    first = (await signed_in.get("/auth/sessions", params={"limit": 1})).json()
    rest = (await signed_in.get("/auth/sessions", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [each["current"] for each in first["items"] + rest["items"]] == [False, True]
    assert rest["next_cursor"] is None


async def test_an_endless_password_is_wrong(client: AsyncClient) -> None:
    """A password longer than any account has is refused as wrong, even where it begins rightly."""
    right = "three wet socks " * 8
    await client.post("/auth/register", json=ADA | {"password": right})
    for password in (right + "x", "x" * 100_000):
        answer = await _sign_in(client, password)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert (await _sign_in(client, right)).status_code == 200
