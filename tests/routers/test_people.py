"""`/users`: whom one may see, and what operators may do."""

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from models import audit_log, deliveries, users
from tests.fixtures.api import PASSWORD, Person
from tests.fixtures.letters import Post
from tests.fixtures.people import Arrive
from tests.fixtures.privacy import LetKnow
from tests.fixtures.programs import program as make_program
from tests.fixtures.reminders import Crowd, Fire, once

AFTER = "2100-01-01T00:00:00+00:00"


@pytest.fixture
async def operator(app: FastAPI, arrive: Arrive) -> Person:
    """Somebody who runs the installation and belongs to no team but their own."""
    person = await arrive("operator")
    async with app.state.database.begin() as conn:
        await conn.execute(update(users).where(users.c.id == person.user["id"]).values(is_operator=True))
    return person


async def test_whoever_shares_a_team_is_seen_with_name_and_mail_address(crowd: Crowd) -> None:
    """As in the list of members; strangers and those who have left are not there, and neither is nobody at all."""
    them = f"/users/{crowd.viewer.user['id']}"
    seen = await crowd.member.get(them)
    assert seen.json() == {
        "id": crowd.viewer.user["id"],
        "email": "viewer@example.com",
        "name": "viewer",
        "account": None,
    }
    assert seen.headers["ETag"] == '"1"'
    hidden = await crowd.stranger.get(them)
    absent = await crowd.stranger.get(f"/users/{crowd.team_id}")
    assert (hidden.status_code, hidden.json()["detail"]) == (404, absent.json()["detail"])
    await crowd.owner.delete(f"/teams/{crowd.team_id}/members/{crowd.viewer.user['id']}")
    assert (await crowd.member.get(them)).status_code == 404


async def test_only_operators_list_and_shut_out(crowd: Crowd) -> None:
    """The owner of a team is nobody special here."""
    them = f"/users/{crowd.viewer.user['id']}"
    for method, path in (("GET", "/users"), ("POST", f"{them}/deactivate"), ("POST", f"{them}/activate")):
        refused = await crowd.owner.request(method, path)
        assert (refused.status_code, refused.json()["code"]) == (403, "operators_only")


async def test_operators_find_people(crowd: Crowd, operator: Person) -> None:
    """The list is paged, filtered by state and by part of name or address, in which `%` and `_` are letters."""
    first = (await operator.get("/users?limit=4")).json()
    rest = (await operator.get(f"/users?limit=4&cursor={first['next_cursor']}")).json()
    names = [item["name"] for item in first["items"] + rest["items"]]
    assert names == ["owner", "admin", "member", "viewer", "stranger", "operator"]
    await operator.post(f"/users/{crowd.viewer.user['id']}/deactivate")
    for query, found in (
        ("q=VIEW", ["viewer"]),
        ("q=stranger@", ["stranger"]),
        ("q=%25", []),
        ("q=_", []),
        ("status=deactivated", ["viewer"]),
        ("status=active&q=er@", ["owner", "member", "stranger"]),
    ):
        assert [item["name"] for item in (await operator.get(f"/users?{query}")).json()["items"]] == found, query
    assert (await operator.get("/users?status=erased")).status_code == 422


async def test_operators_see_accounts_and_no_content(crowd: Crowd, operator: Person) -> None:
    """Whoever runs the installation sees who is there, and is a stranger to every team."""
    seen = (await operator.get(f"/users/{crowd.owner.user['id']}")).json()
    assert seen["account"].keys() == {"status", "is_operator", "email_verified", "created_at", "last_seen_at"}
    made = await crowd.owner.post(crowd.reminders, json=once())
    for path in (f"/teams/{crowd.team_id}", crowd.reminders, f"/reminders/{made.json()['id']}"):
        assert (await operator.get(path)).status_code == 404


async def test_whoever_is_deactivated_is_out_at_once(
    app: FastAPI, crowd: Crowd, operator: Person, with_password: LetKnow
) -> None:
    """Tokens, programs and password open nothing, which looks like a wrong password; and open again later."""
    await with_password(crowd.admin)
    program = await make_program(crowd.admin, crowd.team_id)
    form = {"username": "admin@example.com", "password": PASSWORD}
    them = f"/users/{crowd.admin.user['id']}"
    wrong = await crowd.admin.client.post("/auth/token", data=form | {"password": "four wet socks"})
    done = await operator.post(f"{them}/deactivate")
    assert (done.status_code, done.json()["account"]["status"]) == (200, "deactivated")
    assert (await crowd.admin.get("/users/me")).status_code == 401
    assert (await program.get("/reminders")).status_code == 401
    refused = await crowd.admin.client.post("/auth/token", data=form)
    assert (refused.status_code, refused.json()) == (wrong.status_code, wrong.json())
    assert (await operator.post(f"{them}/activate")).json()["account"]["status"] == "active"
    assert (await crowd.admin.client.post("/auth/token", data=form)).status_code == 200
    assert (await program.get("/reminders")).status_code == 200
    assert (await crowd.admin.get("/users/me")).status_code == 401
    async with app.state.database.connect() as conn:
        noted = select(audit_log.c.action).where(audit_log.c.object_id == crowd.admin.user["id"])
        actions = set((await conn.execute(noted)).scalars())
    assert {"account.deactivated", "account.activated"} <= actions


async def test_nothing_more_is_sent_to_whoever_is_deactivated(
    app: FastAPI, crowd: Crowd, operator: Person, fire: Fire
) -> None:
    """What waits is cancelled, and what fires later leaves them out, also where their address is named."""
    me = crowd.member.user["id"]
    address = (await crowd.member.get("/users/me/addresses")).json()["items"][0]["id"]
    await crowd.member.post(crowd.reminders, json=once(audience={"kind": "users", "users": [me]}))
    await fire(AFTER)
    await crowd.member.post(
        crowd.reminders, json=once(audience={"kind": "addresses", "addresses": [address]}, message="By address")
    )
    await crowd.owner.post(crowd.reminders, json=once(message="All"))
    await operator.post(f"/users/{me}/deactivate")
    await fire(AFTER)
    async with app.state.database.connect() as conn:
        mine = select(deliveries.c.status, deliveries.c.reason).where(deliveries.c.user_id == me)
        assert [tuple(row) for row in await conn.execute(mine)] == [("cancelled", "deactivated")]


async def test_no_letter_goes_to_whoever_is_deactivated(
    app: FastAPI, crowd: Crowd, operator: Person, post: Post
) -> None:
    """What was written before is withdrawn, and whoever asks for a new password gets none."""
    app.state.settings = app.state.settings.model_copy(update={"email_verification": "off"})
    await crowd.member.post("/auth/email/change", json={"email": "elsewhere@example.com", "password": PASSWORD})
    await operator.post(f"/users/{crowd.member.user['id']}/deactivate")
    await crowd.member.client.post("/auth/password/forgot", json={"email": "member@example.com"})
    assert [mail["To"] for mail in await post.go() if "member@example.com" in mail["To"]] == []


async def test_the_last_operator_cannot_be_shut_out(arrive: Arrive, app: FastAPI, operator: Person) -> None:
    """Not by themselves either; a second one makes it possible."""
    me = f"/users/{operator.user['id']}"
    refused = await operator.post(f"{me}/deactivate")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_operator")
    second = await arrive("second")
    async with app.state.database.begin() as conn:
        await conn.execute(update(users).where(users.c.id == second.user["id"]).values(is_operator=True))
    assert (await operator.post(f"{me}/deactivate")).status_code == 200
    assert (await second.post(f"/users/{second.user['id']}/deactivate")).status_code == 409
