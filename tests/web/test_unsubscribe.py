"""`/unsubscribe/{token}`: reminders to a mailbox are stopped, and stay stopped until its owner proves it anew."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select

from core.settings import Settings
from models import deliveries, opt_outs
from tasks.engine import open_engine
from tests.fixtures.api import PASSWORD, Person
from tests.fixtures.letters import Post, said, token_of
from tests.fixtures.people import Arrive
from tests.fixtures.privacy import LetKnow
from tests.fixtures.reminders import Crowd, once

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Mailed:
    """Somebody who got a reminder by mail, and a browser of nobody."""

    person: Person
    browser: AsyncClient
    post: Post

    async def remind(self, by: Person | None = None, **fields: Any) -> list[EmailMessage]:
        """Make a reminder that comes at once, let a worker do everything, and return the mails that arrived."""
        by = by or self.person
        made = await by.post("/reminders", json=once(**fields))
        await by.post(f"/reminders/{made.json()['id']}/run")
        # It is due on the next full second.
        await self.post.execute("update deliveries set deliver_at = now() where status = 'pending'")
        before = len(self.post.server.messages)
        async with open_engine(self.post.settings, "cli") as engine:
            await engine.sweep_once()
        return [mail.parsed for mail in self.post.server.messages[before:]]

    async def link(self) -> str:
        """Return the path that the mail of a reminder says."""
        [mail] = await self.remind()
        return str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")


@pytest.fixture
async def mailed(app: FastAPI, ada: Person, post: Post) -> AsyncIterator[Mailed]:
    """Ada, whose mailbox is proven."""
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as browser:
        yield Mailed(ada, browser, post)


async def address_of(person: Person) -> dict[str, Any]:
    """Return a person's only address."""
    [address] = (await person.get("/users/me/addresses")).json()["items"]
    return dict(address)


async def test_looking_stops_nothing_and_pressing_does(mailed: Mailed) -> None:
    """A scanner that opens the link changes nothing; the button on the page does, and there is no other hurdle."""
    path = await mailed.link()
    page = await mailed.browser.get(path)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert '<form method="post"><button type="submit">Stop reminders</button></form>' in page.text
    assert (await address_of(mailed.person))["disabled"] is False
    pressed = await mailed.browser.post(path)
    assert (pressed.status_code, "Stopped" in pressed.text) == (200, True)
    address = await address_of(mailed.person)
    assert (address["disabled"], address["disabled_reason"], address["verified"]) == (True, "opted_out", True)
    assert await mailed.remind() == []


async def test_a_mail_provider_presses_once_or_twice(app: FastAPI, mailed: Mailed) -> None:
    """One click comes without cookies, page or language; repeated it changes nothing."""
    path = await mailed.link()
    for _ in range(2):
        assert (await mailed.browser.post(path, data=ONE_CLICK)).status_code == 200
    async with app.state.database.connect() as conn:
        [kept] = (await conn.execute(select(opt_outs))).all()
    assert (kept.kind, kept.source) == ("email", "one_click")


async def test_what_waits_is_cancelled_with_the_reason(app: FastAPI, mailed: Mailed) -> None:
    """Nothing starts after the answer."""
    path = await mailed.link()
    made = await mailed.person.post("/reminders", json=once())
    await mailed.person.post(f"/reminders/{made.json()['id']}/run")
    await mailed.browser.post(path)
    async with app.state.database.connect() as conn:
        found = select(deliveries.c.status, deliveries.c.reason).order_by(deliveries.c.id)
        assert [tuple(row) for row in await conn.execute(found)] == [("delivered", None), ("cancelled", "opted_out")]


async def test_it_holds_for_whoever_enters_the_mailbox(mailed: Mailed, crowd: Crowd) -> None:
    """Spelt otherwise, by another person or by a team, before or after: nobody reaches the mailbox any more."""
    path = await mailed.link()
    before = await crowd.owner.post("/users/me/addresses", json={"kind": "email", "value": "Ada@Example.com"})
    await mailed.browser.post(path)
    entered = (await crowd.owner.get(f"/users/me/addresses/{before.json()['id']}")).json()
    of_team = await crowd.owner.post(
        f"/teams/{crowd.team_id}/addresses", json={"kind": "email", "value": "ADA@example.com"}
    )
    for address in (entered, of_team.json()):
        assert (address["disabled"], address["disabled_reason"]) == (True, "opted_out")


async def test_enabling_is_not_enough_and_a_new_proof_is(mailed: Mailed) -> None:
    """The owner asks for the mail that proves the mailbox, which is no reminder and comes, and presses its link."""
    await mailed.browser.post(await mailed.link())
    address = await address_of(mailed.person)
    path = f"/users/me/addresses/{address['id']}"
    refused = await mailed.person.patch(path, json={"disabled": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "opted_out")
    assert (await mailed.person.post(f"{path}/verify")).status_code == 202
    [letter] = await mailed.post.go()
    assert (letter["To"], letter["List-Unsubscribe"]) == ("ada@example.com", None)
    done = await mailed.person.client.post("/auth/email/verify", json={"token": token_of(letter)})
    assert done.status_code == 204, done.text
    assert (await address_of(mailed.person))["disabled"] is False
    assert len(await mailed.remind()) == 1


async def test_it_outlives_the_address_and_the_account(mailed: Mailed, with_password: LetKnow, arrive: Arrive) -> None:
    """Erased and registered again, the mailbox still wants no reminders."""
    await mailed.browser.post(await mailed.link())
    await with_password(mailed.person)
    assert (await mailed.person.delete("/users/me", json={"password": PASSWORD})).status_code == 204
    again = await arrive("ada")
    assert (await address_of(again))["disabled_reason"] == "opted_out"


async def test_the_link_in_an_old_mail_works_after_the_account_is_gone(
    mailed: Mailed, with_password: LetKnow, arrive: Arrive
) -> None:
    """It names the mailbox and no row."""
    path = await mailed.link()
    await with_password(mailed.person)
    await mailed.person.delete("/users/me", json={"password": PASSWORD})
    again = await arrive("ada")
    assert (await mailed.browser.post(path)).status_code == 200
    assert (await address_of(again))["disabled_reason"] == "opted_out"


async def test_a_new_password_brings_no_reminders_back(mailed: Mailed) -> None:
    """Letters about the account come, and say nothing about wanting reminders."""
    await mailed.browser.post(await mailed.link())
    client = mailed.person.client
    await client.post("/auth/password/forgot", json={"email": "ada@example.com"})
    token = await mailed.post.token()
    reset = await client.post("/auth/password/reset", json={"token": token, "password": "four wet socks on a line"})
    assert reset.status_code == 204, reset.text
    [letter] = await mailed.post.go()
    assert "password" in said(letter)
    form = {"username": "ada@example.com", "password": "four wet socks on a line"}
    mailed.person.tokens = (await client.post("/auth/token", data=form)).json()
    assert (await address_of(mailed.person))["disabled_reason"] == "opted_out"


@pytest.mark.parametrize("language", ["de-AT,de;q=0.9", "en"])
async def test_a_broken_link_is_told_in_words(mailed: Mailed, language: str) -> None:
    """404, in the reader's language, for looking and for pressing."""
    for answer in (
        await mailed.browser.get("/unsubscribe/email.nonsense", headers={"Accept-Language": language}),
        await mailed.browser.post("/unsubscribe/email.nonsense", headers={"Accept-Language": language}),
    ):
        assert answer.status_code == 404
        words = "Dieser Link geht nicht" if language.startswith("de") else "This link does not work"
        assert f"<h1>{words}</h1>" in answer.text
        assert f'<html lang="{language[:2]}">' in answer.text


async def test_the_page_needs_no_settings_of_mail(settings: Settings, mailed: Mailed) -> None:
    """Odd bytes in the token are a broken link, and never an error of ours."""
    del settings
    for token in ("%00", "%ff%fe", "email.%00", "." * 300, "email.%ED%A0%80"):
        assert (await mailed.browser.post(f"/unsubscribe/{token}")).status_code == 404, token
