"""`DELETE /users/me`: of a person nothing is left but an id, and what belongs to their teams."""

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select, text

from core.settings import Settings
from models import audit_log, deliveries, memberships, users
from tasks.tidy import tidy_up
from tests.fixtures.api import PASSWORD, Person, Register
from tests.fixtures.letters import Post, said
from tests.fixtures.people import Arrive
from tests.fixtures.privacy import LetKnow, Traces
from tests.fixtures.reminders import Crowd, Fire, join, once

WORD = "zanzibarine"
"""Stands in everything that is about the person, and in nothing else."""
MANY = """
insert into reminders (team_id, created_by, message, schedule, status)
select :team, :user, :message, '{}', 'completed' from generate_series(1, 6000)
"""
AFTER = "2100-01-01T00:00:00+00:00"


async def erase(person: Person, password: str = PASSWORD, **headers: str) -> Response:
    """Ask for one's own erasure."""
    return await person.delete("/users/me", json={"password": password}, headers=headers)


@pytest.fixture
async def her(arrive: Arrive, with_password: LetKnow) -> Person:
    """Somebody whose name and mail address are the word."""
    her = await arrive(WORD)
    await with_password(her)
    return her


async def furnish(her: Person, crowd: Crowd) -> None:
    """Let her leave the word wherever a person can."""
    await join(crowd.owner, crowd.team_id, her, "admin")
    await her.patch("/users/me", json={"name": WORD, "timezone": "Europe/Berlin"})
    await her.post("/users/me/addresses", json={"kind": "slack", "value": "C024BE91L", "label": WORD})
    removed = await her.post("/users/me/addresses", json={"kind": "email", "value": f"old.{WORD}@example.com"})
    await her.delete(f"/users/me/addresses/{removed.json()['id']}")
    private = once(message=f"Diary of {WORD}", notes=WORD, entity_type=WORD)
    made = await her.post("/reminders", json=private, headers={"Idempotency-Key": WORD})
    await her.post(f"/reminders/{made.json()['id']}/run")
    alone = (await her.post("/teams", json={"name": f"Only {WORD}"})).json()["id"]
    await her.post(f"/teams/{alone}/reminders", json=private)
    await her.post(f"/teams/{alone}/addresses", json={"kind": "email", "value": f"list.{WORD}@example.com"})
    ours = await her.post(crowd.reminders, json=once(message="Ours", completion="any"))
    await her.post(f"/reminders/{ours.json()['id']}/run")
    await her.post(f"/reminders/{ours.json()['id']}/acknowledge", json={"note": f"{WORD} did it"})
    await her.post("/auth/email/change", json={"email": f"new.{WORD}@example.com", "password": PASSWORD})
    form = {"username": her.user["email"], "password": PASSWORD}
    await her.client.post("/auth/token", data=form, headers={"User-Agent": WORD})
    key = await her.post(f"/teams/{crowd.team_id}/api-keys", json={"name": WORD, "scope": "read"})
    assert key.status_code == 201, key.text


async def test_nothing_is_left_anywhere(her: Person, crowd: Crowd, traces: Traces) -> None:
    """Before, the word stands in ten tables; afterwards in none, in any column of any of them."""
    await furnish(her, crowd)
    people = {"users", "addresses", "email_changes", "sessions", "api_keys", "invitations", "idempotency_keys"}
    assert await traces(WORD) == people | {"reminders", "occurrences", "teams"}
    answer = await erase(her)
    assert answer.status_code == 204, answer.text
    assert await traces(WORD) == set()
    assert await traces(her.user["id"]) <= {
        "users",
        "reminders",
        "occurrences",
        "deliveries",
        "audit_log",
        "addresses",
        "letters",
    }


async def test_what_was_written_for_a_team_stays_with_it(her: Person, crowd: Crowd) -> None:
    """The reminder is still there, its maker is an id, and of the acknowledgement who and when are left."""
    await furnish(her, crowd)
    await erase(her)
    [ours] = (await crowd.owner.get(crowd.reminders)).json()["items"]
    assert (ours["message"], ours["created_by"]) == ("Ours", her.user["id"])
    [occurrence] = (await crowd.owner.get(f"/reminders/{ours['id']}/occurrences")).json()["items"]
    assert (occurrence["acknowledged_by"], occurrence["acknowledge_note"]) == (her.user["id"], None)
    assert (await crowd.owner.get(f"/users/{her.user['id']}")).status_code == 404
    members = (await crowd.owner.get(f"/teams/{crowd.team_id}/members")).json()["items"]
    assert her.user["id"] not in {member["user_id"] for member in members}


async def test_she_is_out_at_once_and_nothing_more_is_sent(app: FastAPI, her: Person, crowd: Crowd, fire: Fire) -> None:
    """The token is void, the password opens nothing, and what waited for her is cancelled with the reason."""
    await join(crowd.owner, crowd.team_id, her, "member")
    await crowd.owner.post(crowd.reminders, json=once(audience={"kind": "users", "users": [her.user["id"]]}))
    await fire(AFTER)
    assert (await erase(her)).status_code == 204
    assert (await her.get("/users/me")).status_code == 401
    form = {"username": her.user["email"], "password": PASSWORD}
    assert (await her.client.post("/auth/token", data=form)).json()["code"] == "invalid_credentials"
    async with app.state.database.connect() as conn:
        hers = select(deliveries.c.status, deliveries.c.reason).where(deliveries.c.user_id == her.user["id"])
        assert [tuple(row) for row in await conn.execute(hers)] == [("cancelled", "left_team")]
        who = select(audit_log.c.user_id).where(audit_log.c.action == "account.erased")
        assert [str(row.user_id) for row in await conn.execute(who)] == [her.user["id"]]


async def test_the_last_letter_confirms_it(her: Person, post: Post, traces: Traces) -> None:
    """It goes to the mailbox that the account had, in her language, and then the mailbox is forgotten."""
    await her.patch("/users/me", json={"locale": "de"})
    assert (await erase(her)).status_code == 204
    [mail] = await post.go()
    assert (mail["To"], mail["Subject"]) == (her.user["email"], "Dein Konto wurde gelöscht")
    assert "ohne deinen Namen" in said(mail)
    [row] = await post.rows()
    assert (row.status, row.sealed_to) == ("sent", None)
    assert await traces(WORD) == set()


async def test_the_same_mailbox_registers_again_as_somebody_new(her: Person, register: Register) -> None:
    """The mail address is free, and the new account has nothing of the old one."""
    await her.post("/reminders", json=once())
    await erase(her)
    again = await register(email=her.user["email"])
    assert again.user["id"] != her.user["id"]
    assert (await again.get("/reminders")).json()["items"] == []


async def test_a_wrong_password_erases_nothing_and_is_counted(her: Person) -> None:
    """Whoever has stolen a token cannot try passwords here for long, and nothing happens."""
    codes = [(await erase(her, "not this one")).json()["code"] for _ in range(6)]
    assert codes[:5] == ["wrong_password"] * 5
    assert codes[5] in {"wrong_password", "too_many_attempts"}
    assert (await erase(her, "not this one")).status_code == 429
    assert (await her.get("/users/me")).status_code == 200


async def test_an_account_that_changed_since_is_not_erased(her: Person) -> None:
    """If-Match names the version that was read."""
    refused = await erase(her, **{"If-Match": '"7"'})
    assert (refused.status_code, refused.json()["code"]) == (412, "version_conflict")
    assert (await erase(her, **{"If-Match": '"1"'})).status_code == 204


async def test_a_team_is_not_left_without_an_owner(crowd: Crowd, with_password: LetKnow) -> None:
    """The only owner of a team with others is told its name; once it is handed on, they can go."""
    await with_password(crowd.owner)
    refused = await erase(crowd.owner)
    assert (refused.status_code, refused.json()["code"]) == (409, "sole_owner")
    assert "Accounting" in refused.json()["detail"]
    await crowd.owner.post(f"/teams/{crowd.team_id}/transfer", json={"user_id": crowd.admin.user["id"]})
    assert (await erase(crowd.owner)).status_code == 204
    assert (await crowd.admin.get(f"/teams/{crowd.team_id}")).json()["my_role"] == "owner"


async def test_an_operator_may_go_like_anybody(app: FastAPI, her: Person, arrive: Arrive) -> None:
    """Nobody is kept for an installation's sake; the command line makes another operator."""
    async with app.state.database.begin() as conn:
        await conn.execute(users.update().values(is_operator=True))
    await arrive("somebody")
    assert (await erase(her)).status_code == 204


async def test_a_session_that_has_just_begun_needs_no_password(app: FastAPI, her: Person) -> None:
    """Five minutes after signing in it does."""
    async with app.state.database.begin() as conn:
        await conn.execute(text("update sessions set created_at = now() - interval '5 minutes 1 second'"))
    refused = await her.delete("/users/me")
    assert (refused.status_code, refused.json()["code"]) == (422, "password_required")
    async with app.state.database.begin() as conn:
        await conn.execute(text("update sessions set created_at = now() - interval '4 minutes'"))
    assert (await her.delete("/users/me")).status_code == 204
    assert (await her.get("/users/me")).status_code == 401


async def test_what_is_too_much_to_remove_at_once_is_out_of_reach_at_once(
    app: FastAPI, her: Person, traces: Traces, settings: Settings
) -> None:
    """The rest of a large personal team goes with the next tidying; nobody belongs to it any more."""
    async with app.state.database.begin() as conn:
        await conn.execute(text(MANY), {"team": her.team_id, "user": her.user["id"], "message": WORD})
    assert (await erase(her)).status_code == 204
    assert await traces(WORD) == {"reminders"}
    async with app.state.database.connect() as conn:
        assert (await conn.execute(select(memberships))).all() == []
    await tidy_up(app.state.database, settings)
    assert await traces(WORD) == set()
