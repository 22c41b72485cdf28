"""Accounts move to another mail address when both mailboxes agree."""

from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from models import email_changes, proofs
from tests.fixtures.api import PASSWORD, Person, Register
from tests.fixtures.letters import Post, said, token_of

NEW = "ada@new.example.com"
CONFIRM = "/auth/email/change/confirm"


@pytest.fixture
async def ada(post: Post, register: Register) -> Person:
    """Ada, with a proven mailbox."""
    ada = await register()
    await ada.client.post("/auth/email/verify", json={"token": await post.token()})
    return ada


async def ask(person: Person, email: str = NEW, password: str = PASSWORD) -> Response:
    """Ask for a change."""
    return await person.post("/auth/email/change", json={"email": email, "password": password})


async def me(person: Person) -> dict[str, Any]:
    """Return the account."""
    account: dict[str, Any] = (await person.get("/users/me")).json()
    return account


async def links(post: Post) -> dict[str, str]:
    """Send what is due, and return the secrets by mailbox."""
    return {str(mail["To"]): token_of(mail) for mail in await post.go()}


async def test_both_mailboxes_agree_and_everything_moves(post: Post, ada: Person) -> None:
    """The account, its first address and the next sign-in follow; the former mailbox is told."""
    old = ada.user["email"]
    asked = await ask(ada)
    assert asked.status_code == 202, asked.text
    waiting = asked.json()
    assert (waiting["email"], waiting["confirmed_by_old"], waiting["confirmed_by_new"]) == (NEW, False, False)
    assert (await me(ada))["email_change"] == waiting
    tokens = await links(post)
    assert set(tokens) == {old, NEW}
    half = await ada.client.post(CONFIRM, json={"token": tokens[NEW]})
    assert half.json() == {"changed": False}
    assert ((await me(ada))["email"], (await me(ada))["email_change"]["confirmed_by_new"]) == (old, True)
    assert (await ada.client.post(CONFIRM, json={"token": tokens[NEW]})).status_code == 422
    assert (await ada.client.post(CONFIRM, json={"token": tokens[old]})).json() == {"changed": True}
    assert ((await me(ada))["email"], (await me(ada))["email_change"]) == (NEW, None)
    [address] = (await ada.get("/users/me/addresses")).json()["items"]
    assert (address["value"], address["verified"]) == (NEW, True)
    [notice] = await post.go()
    assert (notice["To"], NEW in said(notice)) == (old, True)


async def test_links_to_the_former_mailbox_open_nothing(post: Post, ada: Person) -> None:
    """Whoever reads the former mailbox cannot set the password any more, though a link was mailed before."""
    old = ada.user["email"]
    await ada.client.post("/auth/password/forgot", json={"email": old})
    [reset] = [token_of(mail) for mail in await post.go()]
    await ask(ada)
    for token in (await links(post)).values():
        await ada.client.post(CONFIRM, json={"token": token})
    answer = await ada.client.post("/auth/password/reset", json={"token": reset, "password": "four dry socks"})
    assert answer.json()["code"] == "invalid_token"


async def test_an_unproven_mailbox_has_no_say(post: Post, register: Register) -> None:
    """Whoever mistyped their address at registration needs the new mailbox alone, and the other gets nothing."""
    bob = await register(email="bbo@example.com")
    await post.go()
    assert (await ask(bob)).json()["confirmed_by_old"] is True
    tokens = await links(post)
    assert set(tokens) == {NEW}
    assert (await bob.client.post(CONFIRM, json={"token": tokens[NEW]})).json() == {"changed": True}
    assert await post.go() == []


async def test_what_is_refused(post: Post, ada: Person, register: Register) -> None:
    """Without the password, to the same, a taken or an impossible address nothing begins."""
    await register()
    await post.go()
    answers = [
        await ask(ada, password="wrong"),
        await ask(ada, "person1@EXAMPLE.com"),
        await ask(ada, "person2@example.com"),
        await ask(ada, "not an address"),
    ]
    codes = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert codes == [(422, "wrong_password"), (422, "same_email"), (409, "email_taken"), (422, "invalid_email")]
    assert (await me(ada))["email_change"] is None
    assert await post.go() == []


async def test_taken_in_the_meantime(post: Post, ada: Person, register: Register) -> None:
    """When somebody registers with the new address first, the last confirmation says so and nothing has changed."""
    await ask(ada)
    tokens = await links(post)
    await register(email=NEW)
    await ada.client.post(CONFIRM, json={"token": tokens[NEW]})
    answer = await ada.client.post(CONFIRM, json={"token": tokens[ada.user["email"]]})
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert (await me(ada))["email"] == ada.user["email"]


async def test_a_change_is_cancelled_replaced_and_runs_out(post: Post, ada: Person) -> None:
    """Its links are void then; asked again for the same address, those that wait get a new one."""
    await ask(ada)
    first = await links(post)
    assert (await ada.delete("/auth/email/change")).status_code == 204
    assert (await ada.delete("/auth/email/change")).status_code == 404
    await ask(ada, "ada@other.example.com")
    await ask(ada)
    second = await links(post)
    assert set(second) == {ada.user["email"], NEW}
    assert (await ada.client.post(CONFIRM, json={"token": first[NEW]})).status_code == 422
    assert (await ada.client.post(CONFIRM, json={"token": second[NEW]})).json() == {"changed": False}
    await ask(ada)
    third = await links(post)
    assert set(third) == {ada.user["email"]}
    await post.execute("update email_changes set expires_at = now()")
    assert (await ada.client.post(CONFIRM, json={"token": third[ada.user["email"]]})).status_code == 422
    assert (await me(ada))["email_change"] is None


async def test_another_address_of_mine_gives_way(post: Post, ada: Person) -> None:
    """Where the new mailbox is among my addresses already, there is one of it afterwards, the first."""
    [first] = (await ada.get("/users/me/addresses")).json()["items"]
    await ada.post("/users/me/addresses", json={"kind": "email", "value": NEW})
    await ask(ada)
    for token in (await links(post)).values():
        await ada.client.post(CONFIRM, json={"token": token})
    [address] = (await ada.get("/users/me/addresses")).json()["items"]
    assert (address["id"], address["value"], address["verified"]) == (first["id"], NEW, True)


async def test_a_reset_stops_the_change(post: Post, ada: Person) -> None:
    """Whoever took the account over may have begun to move it away: no link of before works, the change is gone."""
    await ask(ada)
    tokens = await links(post)
    await ada.client.post("/auth/password/forgot", json={"email": ada.user["email"]})
    reset = {"token": await post.token(), "password": "four dry socks in a drawer"}
    assert (await ada.client.post("/auth/password/reset", json=reset)).status_code == 204
    async with post.app.state.database.connect() as conn:
        assert (await conn.execute(select(proofs))).all() == []
        assert (await conn.execute(select(email_changes))).all() == []
    assert (await ada.client.post(CONFIRM, json={"token": tokens[NEW]})).status_code == 422
