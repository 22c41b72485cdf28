"""Registration: who may make an account, and who becomes the first operator."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from sqlalchemy import func, select

from models import audit_log, memberships, users
from tests.fixtures.api import PASSWORD, Register
from tests.fixtures.letters import Post
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Crowd


def let(app: FastAPI, registration: str) -> None:
    """Say who may register."""
    app.state.settings = app.state.settings.model_copy(update={"registration": registration})


async def register(client: AsyncClient, name: str = "new", **fields: Any) -> Response:
    """Ask for an account."""
    account = {"email": f"{name}@example.com", "name": name, "password": PASSWORD}
    return await client.post("/auth/register", json=account | fields)


async def test_the_first_one_is_the_operator_and_nobody_after(app: FastAPI, client: AsyncClient) -> None:
    """Of four who register on an empty installation at the same moment exactly one becomes the operator."""
    answers = await asyncio.gather(*(register(client, f"person{number}") for number in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert sum(answer.json()["is_operator"] for answer in answers) == 1
    assert (await register(client, "late")).json()["is_operator"] is False
    async with app.state.database.connect() as conn:
        assert (await conn.execute(select(func.count()).where(users.c.is_operator))).scalar_one() == 1


async def test_whoever_is_erased_leaves_an_empty_installation(
    app: FastAPI, client: AsyncClient, arrive: Arrive
) -> None:
    """What was erased does not count as somebody."""
    await arrive("gone")
    async with app.state.database.begin() as conn:
        await conn.execute(users.update().values(status="erased"))
    assert (await register(client)).json()["is_operator"] is True


async def test_closed_is_closed_even_to_the_first(app: FastAPI, client: AsyncClient) -> None:
    """Only the command line makes accounts then."""
    let(app, "closed")
    refused = await register(client)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration_closed")
    async with app.state.database.connect() as conn:
        assert (await conn.execute(select(users))).all() == []


async def test_where_an_invitation_is_needed_the_first_needs_none(app: FastAPI, client: AsyncClient) -> None:
    """Somebody has to begin, and becomes the operator; the next one is refused."""
    let(app, "invite")
    assert (await register(client, "first")).json()["is_operator"] is True
    refused = await register(client, "second")
    assert (refused.status_code, refused.json()["code"]) == (403, "invitation_required")


async def test_a_newcomer_may_say_in_which_language(client: AsyncClient, post: Post) -> None:
    """The first mail is written in it already."""
    assert (await register(client, locale="de")).json()["locale"] == "de"
    assert [mail["Subject"] for mail in await post.go()] == ["Bestätige deine Mailadresse"]


@pytest.mark.parametrize("mode", ["invite", "open"])
async def test_an_invitation_lets_in_and_is_accepted_in_passing(
    app: FastAPI, crowd: Crowd, post: Post, mode: str
) -> None:
    """Whoever registers with the token of a mail has proven the mailbox, and belongs to the team at once."""
    let(app, mode)
    await crowd.owner.post(f"/teams/{crowd.team_id}/invitations", json={"email": "new@example.com", "role": "member"})
    token = await post.token()
    made = await register(crowd.owner.client, invitation=token)
    assert (made.status_code, made.json()["email_verified"]) == (201, True)
    async with app.state.database.connect() as conn:
        mine = select(memberships.c.role).where(
            memberships.c.user_id == made.json()["id"], memberships.c.team_id == crowd.team_id
        )
        assert (await conn.execute(mine)).scalar_one() == "member"
        noted = select(audit_log.c.action).where(audit_log.c.user_id == made.json()["id"])
        assert {"account.registered", "member.joined"} <= set((await conn.execute(noted)).scalars())


async def test_another_ones_invitation_lets_nobody_in(app: FastAPI, crowd: Crowd, post: Post) -> None:
    """A token that is wrong, used, or was mailed to another mailbox makes no account."""
    let(app, "invite")
    await crowd.owner.post(f"/teams/{crowd.team_id}/invitations", json={"email": "new@example.com", "role": "member"})
    token = await post.token()
    client = crowd.owner.client
    for name, invitation, code in (("new", "wrong", "invalid_token"), ("other", token, "other_mailbox")):
        assert (await register(client, name, invitation=invitation)).json()["code"] == code
    assert (await register(client, "new", invitation=token)).status_code == 201
    assert (await register(client, "again", invitation=token)).json()["code"] == "invalid_token"


async def test_a_link_lets_in_as_often_as_it_may(app: FastAPI, crowd: Crowd, register: Register) -> None:
    """The secret of a link needs no mailbox; afterwards it lets nobody in."""
    let(app, "invite")
    made = await crowd.owner.post(
        f"/teams/{crowd.team_id}/invitations", json={"link": True, "role": "viewer", "max_uses": 2}
    )
    token = made.json()["token"]
    people = [await register(invitation=token) for _ in range(2)]
    assert [(await person.get(f"/teams/{crowd.team_id}")).json()["my_role"] for person in people] == ["viewer"] * 2
    third = {"email": "third@example.com", "name": "Third", "password": PASSWORD, "invitation": token}
    assert (await crowd.owner.client.post("/auth/register", json=third)).json()["code"] == "invalid_token"
