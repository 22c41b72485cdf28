"""`/account/invitation`: strangers and people with an account join a team."""

from typing import Any

import pytest
from httpx2 import AsyncClient

from tests.fixtures.api import PASSWORD, Person, Register
from tests.fixtures.letters import Post
from tests.fixtures.people import Arrive
from tests.web.test_account_pages import NEW, link, press

BOB = "bob@example.com"


@pytest.fixture
async def team(post: Post, arrive: Arrive) -> tuple[Person, str]:
    """Ada, who owns a team, and its path."""
    del post
    ada = await arrive("ada")
    made = await ada.post("/teams", json={"name": "Accounting <b>"})
    return ada, f"/teams/{made.json()['id']}"


async def invited(team: tuple[Person, str], **body: Any) -> dict[str, Any]:
    """Invite, and return the invitation."""
    ada, path = team
    answer = await ada.post(f"{path}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def members(team: tuple[Person, str]) -> set[str]:
    """Return the mail addresses of the members."""
    ada, path = team
    return {member["email"] for member in (await ada.get(f"{path}/members")).json()["items"]}


async def test_a_stranger_makes_an_account_and_is_in(
    post: Post, team: tuple[Person, str], browser: AsyncClient
) -> None:
    """Name and password are enough: the link has proven the mailbox, and no further mail is sent."""
    await invited(team, email=BOB)
    page = await browser.get(await link(post))
    assert "ada invites you into the team Accounting &lt;b&gt; as a member." in page.text
    done = await press(browser, page, email=BOB, name="Bob", password=PASSWORD)
    assert "Welcome to Accounting" in done.text
    assert BOB in await members(team)
    assert await post.go() == []


async def test_whoever_has_that_mailbox_joins_by_a_button(
    post: Post, team: tuple[Person, str], arrive: Arrive, browser: AsyncClient
) -> None:
    """Looking alone does not join; pressing does, and the link is used up."""
    await arrive("bob")
    await invited(team, email=BOB, role="viewer")
    path = await link(post)
    page = await browser.get(path)
    assert await members(team) == {"ada@example.com"}
    assert "Welcome" in (await press(browser, page)).text
    assert BOB in await members(team)
    assert (await browser.get(path)).status_code == 422


async def test_an_account_that_somebody_else_prepared_is_taken_back(
    post: Post, team: tuple[Person, str], register: Register, browser: AsyncClient
) -> None:
    """Mallory registered with Bob's address; when Bob joins he chooses the password, and Mallory is out."""
    mallory = await register(email=BOB)
    await post.execute("delete from letters")
    await invited(team, email=BOB)
    page = await browser.get(await link(post))
    assert "never confirmed" in page.text
    bare = await press(browser, page)
    assert (bare.status_code, "8 to 128" in bare.text) == (422, True)
    assert "Welcome" in (await press(browser, page, password=NEW)).text
    assert (await mallory.get("/users/me")).status_code == 401
    for password, status in ((PASSWORD, 401), (NEW, 200)):
        answer = await mallory.client.post("/auth/token", data={"username": BOB, "password": password})
        assert answer.status_code == status


async def test_an_invitation_is_declined(post: Post, team: tuple[Person, str], browser: AsyncClient) -> None:
    """With or without an account, by the second button."""
    await invited(team, email=BOB)
    page = await browser.get(await link(post))
    assert "Declined" in (await press(browser, page, act="decline")).text
    assert (await browser.get(f"{page.url.path}?{page.url.query.decode()}")).status_code == 422


async def test_the_language_of_the_page_stays(post: Post, team: tuple[Person, str], browser: AsyncClient) -> None:
    """Whoever makes an account on a German page gets German mails from then on."""
    url = (await invited(team, link=True))["url"]
    page = await browser.get(url, headers={"Accept-Language": "de"})
    new = {"act": "register", "email": "eve@example.com", "name": "Eve", "password": PASSWORD}
    assert "Willkommen" in (await press(browser, page, **new)).text
    [mail] = await post.go()
    assert mail["Subject"].startswith("Bestätige")


async def test_a_secret_link_asks_who_comes(team: tuple[Person, str], register: Register, browser: AsyncClient) -> None:
    """By password or by a new account; a wrong password is explained, and nobody stays signed in by it."""
    bob = await register(email=BOB)
    url = (await invited(team, link=True, max_uses=2))["url"]
    page = await browser.get(url)
    wrong = await press(browser, page, email=BOB, password="not this one")
    assert (wrong.status_code, "Mail address or password is wrong" in wrong.text) == (401, True)
    assert "Welcome" in (await press(browser, page, email=BOB, password=PASSWORD)).text
    assert len((await bob.get("/auth/sessions")).json()["items"]) == 1
    new = {"act": "register", "email": "eve@example.com", "name": "Eve", "password": PASSWORD}
    joined = await press(browser, page, **new)
    assert ("Welcome" in joined.text, "We have sent you a mail" in joined.text) == (True, True)
    assert await members(team) == {"ada@example.com", BOB, "eve@example.com"}
    gone = await browser.get(url)
    assert (gone.status_code, "Whoever invited you" in gone.text) == (422, True)
