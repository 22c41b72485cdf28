"""Connections that rest."""

import asyncio

from channels._smtp_pool import MAILS_PER_CONNECTION, SmtpPool
from tests.channels.example import over_smtp
from tests.fakes.smtp_server import FakeSmtp


async def test_a_rested_connection_is_probed_and_used_again(mail_server: FakeSmtp) -> None:
    """One that answers is used again; one whose server fell silent is replaced without a mail being tried on it."""
    pool = SmtpPool(over_smtp(mail_server), probe_after=0)
    first = await pool.take()
    pool.give_back(first)
    assert await pool.take() is first
    pool.give_back(first)
    mail_server.cut()
    assert await pool.take() is not first
    assert mail_server.connections == 2
    first.smtp.close()


async def test_a_connection_that_rests_long_is_closed(mail_server: FakeSmtp) -> None:
    """Nothing is kept open that nobody uses."""
    pool = SmtpPool(over_smtp(mail_server), close_after=0.05)
    taken = [await pool.take() for _ in range(3)]
    for kept in taken:
        pool.give_back(kept)
    assert len(mail_server.open) == 3
    async with asyncio.timeout(5):
        while mail_server.open:
            await asyncio.sleep(0.01)


async def test_a_connection_retires_after_a_hundred_mails(mail_server: FakeSmtp) -> None:
    """A connection leaves before a server that counts would end it."""
    pool = SmtpPool(over_smtp(mail_server))
    for _ in range(MAILS_PER_CONNECTION + 1):
        pool.give_back(await pool.take())
    assert mail_server.connections == 2
    await pool.close()
    assert not mail_server.script.asked["mail"]
