"""The postman: letters are composed anew for each attempt, sent outside of any transaction, and never lost."""

import asyncio
from datetime import timedelta

import pytest
from httpx2 import AsyncClient
from sqlalchemy import text

from core.ids import uuid7
from core.work import begin
from crud import letters, sweeps
from tasks.engine import open_engine
from tests.fixtures.api import Register
from tests.fixtures.letters import Post, token_of
from tests.fixtures.people import Arrive

ADA = "ada@example.com"
FORGOT = "/auth/password/forgot"


@pytest.fixture
async def forgotten(post: Post, arrive: Arrive, client: AsyncClient) -> Post:
    """The post, with one letter to Ada that is due."""
    await arrive("ada")
    assert (await client.post(FORGOT, json={"email": ADA})).status_code == 202
    return post


async def test_a_sweep_alone_sends_letters(forgotten: Post) -> None:
    """Without queue and worker, `sweep_once` finds the letter by PostgreSQL alone; its mailbox is wiped."""
    async with open_engine(forgotten.settings) as engine:
        swept = await engine.sweep_once()
    assert swept.channels == ("letters",)
    [row] = await forgotten.rows()
    assert (row.status, row.sealed_to, row.attempt_count) == ("sent", None, 1)
    assert len(forgotten.server.messages) == 1


async def test_the_safety_loop_finds_letters(forgotten: Post) -> None:
    """A worker that was never hinted sends within its next look."""
    async with open_engine(forgotten.settings) as engine:
        engine.start()
        for _ in range(250):
            if forgotten.server.messages:
                break
            await asyncio.sleep(0.02)
    assert len(forgotten.server.messages) == 1


async def test_what_was_promised_to_the_door_is_hinted(post: Post) -> None:
    """Writing a letter asks for the job `notify_letters` after the commit."""
    async with begin(post.app.state.database) as work:
        await letters.write(work, post.settings, "password_reset", ADA)
    assert work.channels == {"letters"}


async def test_a_later_attempt_bears_a_fresh_link_and_name(forgotten: Post) -> None:
    """After a greylisting the next attempt is another mail with another secret; only the last one works."""
    forgotten.server.script.once("data", "450 4.2.0 later")
    assert await forgotten.go() == []
    [row] = await forgotten.rows()
    assert (row.status, row.last_error) == ("pending", "data: 450 4.2.0")
    assert row.deliver_at - row.created_at >= timedelta(seconds=60)
    await forgotten.execute("update letters set deliver_at = now()")
    [mail] = await forgotten.go()
    assert mail["Message-ID"].startswith(f"<{row.id}.2@")


async def test_a_worker_that_died_loses_nothing(forgotten: Post, client: AsyncClient) -> None:
    """Killed between acceptance and result, the letter comes once more; the first link is void, the second works."""
    async with forgotten.app.state.database.connect() as conn:
        [row] = await letters.claim(conn, 4, uuid7())
        await conn.commit()
        assert await letters.claim(conn, 4, uuid7()) == []
    assert await forgotten.go() == []
    await forgotten.execute("update letters set deliver_at = now()")
    [mail] = await forgotten.go()
    [done] = await forgotten.rows()
    assert (done.status, done.deaths, done.attempt_count) == ("sent", 1, 2)
    async with forgotten.app.state.database.begin() as conn:
        assert not await letters.end(conn, row, "dead", "too late")
    reset = {"token": token_of(mail), "password": "four dry socks in a drawer"}
    assert (await client.post("/auth/password/reset", json=reset)).status_code == 204


async def test_a_letter_that_kills_is_given_up(forgotten: Post) -> None:
    """After three processes that died with it in hand nobody takes it again; its mailbox is forgotten."""
    await forgotten.execute("update letters set status = 'sending', deaths = 2, lease_token = uuidv7()")
    assert await forgotten.go() == []
    [row] = await forgotten.rows()
    assert (row.status, row.reason, row.sealed_to) == ("dead", "processes_died", None)


async def test_after_a_day_a_letter_is_given_up(forgotten: Post) -> None:
    """A server that refuses for a day makes it dead, both at the claim and at the result."""
    forgotten.server.script.always("data", "450 4.2.0 later")
    await forgotten.execute("update letters set created_at = now() - interval '23 hours 59 minutes 30 seconds'")
    await forgotten.go()
    [row] = await forgotten.rows()
    assert (row.status, row.reason, row.sealed_to) == ("dead", "gave_up", None)


async def test_a_mailbox_that_is_refused_ends_the_letter(forgotten: Post) -> None:
    """No such user: dead, with the reason; the error bears no address."""
    forgotten.server.script.once("rcpt", "550 5.1.1 no such user <ada@example.com>")
    await forgotten.go()
    [row] = await forgotten.rows()
    assert (row.status, row.reason, row.last_error) == ("dead", "recipient_refused", "rcpt: 550 5.1.1")


async def test_a_kind_that_is_unknown_waits_for_a_newer_process(forgotten: Post) -> None:
    """An old worker leaves what it does not know for another, and does not stumble."""
    await forgotten.execute("update letters set kind = 'from_the_future'")
    await forgotten.go()
    [row] = await forgotten.rows()
    assert row.status == "pending"
    assert row.deliver_at - row.created_at >= timedelta(minutes=5)


async def test_waiting_letters_cost_the_probe_nothing(forgotten: Post) -> None:
    """The probe knows when the next is due, and nothing is due before."""
    await forgotten.execute("update letters set deliver_at = now() + interval '3 seconds'")
    async with forgotten.app.state.database.connect() as conn:
        found = await sweeps.probe(conn, ["email"])
    assert found.channels == frozenset()
    assert found.next_due is not None
    assert 0 < found.next_due <= 3


async def test_old_letters_are_tidied_away(forgotten: Post) -> None:
    """A week after its end a row is deleted; one that waits stays."""
    async with begin(forgotten.app.state.database) as work:
        assert await letters.forget_old(work, 10) == 0
    await forgotten.go()
    async with begin(forgotten.app.state.database) as work:
        await work.conn.execute(text("update letters set ended_at = now() - interval '8 days'"))
        assert await letters.forget_old(work, 10) == 1


async def test_no_name_address_or_secret_is_logged(
    post: Post, register: Register, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log of registering, sending and proving bears ids only."""
    ada = await register(name="Adalovelace")
    token = await post.token()
    await ada.client.post("/auth/email/verify", json={"token": token})
    await ada.client.post(FORGOT, json={"email": ada.user["email"]})
    reset = await post.token()
    await ada.client.post("/auth/password/reset", json={"token": reset, "password": "four dry socks in a drawer"})
    written = "".join(capsys.readouterr())
    assert "letter.attempted" in written
    for secret in (token, reset, ada.user["email"], "Adalovelace", "dry socks"):
        assert secret not in written
