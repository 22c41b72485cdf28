"""Addresses proven by a mail, and tried out by a test message."""

import pytest

from tests.fixtures.api import Person, Register
from tests.fixtures.letters import Post, said, token_of
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Crowd

HOME = {"kind": "email", "value": "ada@home.example.com"}


async def add(person: Person, path: str = "/users/me/addresses", **fields: str) -> str:
    """Add an address and return its path."""
    made = await person.post(path, json=HOME | fields)
    assert made.status_code == 201, made.text
    return f"{path}/{made.json()['id']}"


async def test_a_further_mailbox_is_proven(post: Post, arrive: Arrive) -> None:
    """The mail names who asks by mail address alone; the secret proves this address and no other."""
    ada = await arrive("ada")
    path = await add(ada)
    assert (await ada.get(path)).json()["verified"] is False
    assert (await ada.post(f"{path}/verify")).status_code == 202
    [mail] = await post.go()
    assert (mail["To"], "ada@example.com" in said(mail)) == (HOME["value"], True)
    proof = {"token": token_of(mail)}
    assert (await ada.client.post("/auth/email/verify", json=proof)).status_code == 204
    assert (await ada.get(path)).json()["verified"] is True
    again = await ada.post(f"{path}/verify")
    assert (again.status_code, again.json()["code"]) == (409, "already_verified")


async def test_a_mailbox_that_was_removed_is_not_proven(post: Post, arrive: Arrive) -> None:
    """Removed between mail and link, or before the mail is composed: nothing comes of it."""
    ada = await arrive("ada")
    path = await add(ada)
    await ada.post(f"{path}/verify")
    token = await post.token()
    await ada.delete(path)
    assert (await ada.client.post("/auth/email/verify", json={"token": token})).status_code == 422
    path = await add(ada)
    await ada.post(f"{path}/verify")
    await ada.delete(path)
    assert await post.go() == []


async def test_the_unproven_write_to_nobody_else(post: Post, register: Register) -> None:
    """Before one's own mailbox is proven, no mail goes to another; one's own may be asked for here, too."""
    ada = await register()
    await post.go()
    refused = await ada.post(f"{await add(ada)}/verify")
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")
    own = (await ada.get("/users/me/addresses")).json()["items"][0]["id"]
    assert (await ada.post(f"/users/me/addresses/{own}/verify")).status_code == 202
    await ada.client.post("/auth/email/verify", json={"token": await post.token()})
    assert (await ada.get("/users/me")).json()["email_verified"] is True


async def test_what_waited_for_the_own_mailbox_counts_with_it(post: Post, register: Register) -> None:
    """A Slack address that an unproven person has added may be written to once they have proven themselves."""
    ada = await register()
    path = await add(ada, kind="slack", value="U024BE91L")
    assert (await ada.get(path)).json()["verified"] is False
    await ada.client.post("/auth/email/verify", json={"token": await post.token()})
    assert (await ada.get(path)).json()["verified"] is True
    answer = await ada.post(f"{path}/verify")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_mailbox")


async def test_mailboxes_of_a_team_are_proven_by_its_admins(post: Post, crowd: Crowd) -> None:
    """An admin asks, whoever reads the list confirms; members may not ask, strangers see nothing."""
    path = await add(crowd.admin, f"/teams/{crowd.team_id}/addresses")
    await post.execute("delete from letters")
    who = (crowd.stranger, crowd.member, crowd.admin)
    assert [(await person.post(f"{path}/verify")).status_code for person in who] == [404, 403, 202]
    await crowd.admin.client.post("/auth/email/verify", json={"token": await post.token()})
    assert (await crowd.viewer.get(path)).json()["verified"] is True
    assert [(await person.post(f"{path}/test")).status_code for person in (crowd.viewer, crowd.member)] == [403, 202]
    [mail] = await post.go()
    assert (mail["To"], mail["Subject"]) == (HOME["value"], "Test message")
    assert "Accounting" in said(mail)


@pytest.mark.parametrize(("language", "title"), [("en", "Test message"), ("de", "Testnachricht")])
async def test_a_test_message_goes_through_the_channel(post: Post, arrive: Arrive, language: str, title: str) -> None:
    """It is written as a row, sent by the postman, and in the language of whoever asked."""
    ada = await arrive("ada")
    await ada.patch("/users/me", json={"locale": language})
    own = (await ada.get("/users/me/addresses")).json()["items"][0]["id"]
    path = f"/users/me/addresses/{own}"
    assert (await ada.post(f"{path}/test")).status_code == 202
    assert [row.status for row in await post.rows()] == ["pending"]
    [mail] = await post.go()
    assert mail["Subject"] == title
    await ada.patch(path, json={"disabled": True})
    refused = await ada.post(f"{path}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "address_not_ready")
