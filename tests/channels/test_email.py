"""The email channel against a real SMTP server."""

import asyncio
from datetime import UTC, datetime

import pytest

from channels import open_channel
from channels.base import Blocked, InvalidAddress, Permanent
from channels.email import Email
from tests.channels.example import ADA, DELIVERY, message, over_smtp, production, refused_mail, settings
from tests.fakes.smtp_server import FakeSmtp


async def test_a_mail_says_everything_in_text_and_in_html(mail_server: FakeSmtp) -> None:
    """A mail has the title, due time, team, note, notice and link, in both of its forms."""
    async with open_channel("email", over_smtp(mail_server)) as email:
        accepted = await email.send(ADA, message())
    mail = mail_server.messages[0].parsed
    assert accepted.ref == "M1"
    assert (mail["Subject"], mail["To"]) == ("Pay the rent", ADA)
    for form in ("plain", "html"):
        part = mail.get_body((form,))
        assert part is not None
        text = part.get_content()
        for said in ("Pay the rent", "Fri 27 Nov 2026, 16:00", "Office", "Ask Zoë.", "3 earlier", "/reminders/1"):
            assert said in text, form


async def test_attempts_share_one_message_id(mail_server: FakeSmtp) -> None:
    """Every attempt of a delivery bears the same Message-ID, made of its id and our host."""
    async with open_channel("email", over_smtp(mail_server, public_url="https://reminders.example")) as email:
        await email.send(ADA, message(sent_at=datetime(2026, 11, 27, 15, 1, tzinfo=UTC)))
        await email.send(ADA, message(sent_at=datetime(2026, 11, 27, 15, 9, tzinfo=UTC)))
    first, second = (mail.parsed for mail in mail_server.messages)
    assert first["Message-ID"] == second["Message-ID"] == f"<{DELIVERY}@reminders.example>"
    assert first["X-Reminder-Delivery"] == DELIVERY
    assert first["Auto-Submitted"] == "auto-generated"
    assert second["Date"].datetime == datetime(2026, 11, 27, 15, 9, tzinfo=UTC)


async def test_connections_are_kept_and_never_more_than_eight(mail_server: FakeSmtp) -> None:
    """Forty mails at once travel over at most eight connections, forty in a row over one."""
    async with open_channel("email", over_smtp(mail_server)) as email:
        await asyncio.gather(*(email.send(ADA, message()) for _ in range(40)))
        assert 1 < mail_server.connections <= email.lanes == 8
    async with open_channel("email", over_smtp(mail_server)) as email:
        before = mail_server.connections
        for _ in range(40):
            await email.send(ADA, message())
        assert mail_server.connections == before + 1
    assert len(mail_server.messages) == 80


async def test_a_broken_connection_is_replaced(mail_server: FakeSmtp) -> None:
    """After the server cut a resting connection the next mail goes out on a new one."""
    async with open_channel("email", over_smtp(mail_server)) as email:
        await email.send(ADA, message())
        mail_server.cut()
        await asyncio.sleep(0.01)
        await email.send(ADA, message())
    assert (mail_server.connections, len(mail_server.messages)) == (2, 2)


async def test_a_refusal_does_not_spoil_the_connection(mail_server: FakeSmtp) -> None:
    """After a refused recipient the same connection carries the next mail."""
    mail_server.script.once("rcpt", "550 5.1.1 no such user")
    async with open_channel("email", over_smtp(mail_server)) as email:
        with pytest.raises(Permanent):
            await email.send(ADA, message())
        await email.send(ADA, message())
    assert (mail_server.connections, len(mail_server.messages)) == (1, 1)


async def test_a_cancelled_mail_leaves_no_answer_for_the_next(mail_server: FakeSmtp) -> None:
    """A send that its caller gave up takes its connection along."""
    mail_server.script.once("data", "hang")
    async with open_channel("email", over_smtp(mail_server)) as email:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(email.send(ADA, message()), 0.1)
        await email.send(ADA, message())
    assert (mail_server.connections, len(mail_server.messages)) == (2, 1)


async def test_login() -> None:
    """With a user name the channel logs in; a wrong password blocks the integration."""
    async with FakeSmtp(login=("mailer", "secret")) as mail_server:
        async with open_channel(
            "email", over_smtp(mail_server, smtp_username="mailer", smtp_password="secret")
        ) as email:
            await email.send(ADA, message())
        wrong = await refused_mail(mail_server, smtp_username="mailer", smtp_password="wrong")
        none = await refused_mail(mail_server)
    assert len(mail_server.messages) == 1
    assert [type(wrong), type(none)] == [Blocked, Blocked]
    assert wrong.detail == "login: 535 5.7.8"


@pytest.mark.parametrize(
    ("given", "canonical"),
    [(" Ada@EXAMPLE.com ", "Ada@example.com"), ("x@müller.de", "x@xn--mller-kva.de"), ("a+b@x.test", "a+b@x.test")],
)
def test_addresses_have_one_form(given: str, canonical: str) -> None:
    """The domain is written in ASCII and lower case, the mailbox stays as it is."""
    assert Email.normalize(given, settings()) == canonical


@pytest.mark.parametrize(
    "value",
    [
        "",
        "ada",
        "ada@",
        "a b@example.com",
        "a@example.com\nBcc: b@example.com",
        '"a b"@example.com',
        "ü@example.com",
        "Ada <ada@example.com>",
        "a@[127.0.0.1]",
        "a@example.com>\r\nDATA",
        "a\x00@example.com",
    ],
)
async def test_what_is_no_address_is_refused_twice(mail_server: FakeSmtp, value: str) -> None:
    """Such a value is refused when it is saved, and again when somebody gets it as far as a send."""
    with pytest.raises(InvalidAddress):
        Email.normalize(value, settings())
    async with open_channel("email", over_smtp(mail_server)) as email:
        with pytest.raises(Permanent) as caught:
            await email.send(value, message())
    assert caught.value.reason == "invalid_address"
    assert mail_server.connections == 0


async def test_without_a_server_development_prints_and_production_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """With no SMTP_HOST a mail is shown on the terminal in development, and blocked in production."""
    async with open_channel("email", settings()) as email:
        assert (await email.send(ADA, message())).ref == "printed"
    assert "Pay the rent" in capsys.readouterr().out
    async with open_channel("email", production()) as email:
        with pytest.raises(Blocked) as caught:
            await email.send(ADA, message())
    assert caught.value.reason == "not_configured"
