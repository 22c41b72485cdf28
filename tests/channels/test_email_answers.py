"""What each answer of an SMTP server means to the email channel."""

from datetime import timedelta

import pytest

from channels._mailer import Mailer
from channels.base import Ambiguous, Blocked, ChannelError, Permanent, Transient
from tests.channels.example import ADA, message, over_smtp, refused_mail
from tests.fakes.smtp_server import FakeSmtp


@pytest.mark.parametrize(
    ("stage", "answer", "kind", "reason"),
    [
        ("connect", "close", Transient, None),
        ("connect", "421 4.3.2 too busy", Transient, None),
        ("connect", "554 5.7.1 no service for you", Transient, None),
        ("mail", "421 4.3.2 shutting down", Transient, None),
        ("mail", "452 4.3.1 no room", Transient, None),
        ("mail", "close", Transient, None),
        ("rcpt", "close", Transient, None),
        ("rcpt", "421 4.7.0 too many", Transient, None),
        ("data", "452 4.3.1 no room", Transient, None),
        ("data", "close", Ambiguous, None),
        ("rcpt", "550 5.1.1 no such user", Permanent, "recipient_refused"),
        ("rcpt", "552 5.2.2 mailbox full", Permanent, "recipient_refused"),
        ("rcpt", "550 5.1.1 <relay@example.com>: unknown", Permanent, "recipient_refused"),
        ("data", "554 5.7.1 spam", Permanent, "message_refused"),
        ("mail", "530 5.7.0 authentication required", Blocked, "authentication_failed"),
        ("rcpt", "554 5.7.1 <ada@example.com>: Relay access denied", Blocked, "relay_denied"),
        ("rcpt", "550 relaying denied", Blocked, "relay_denied"),
        ("mail", "553 5.7.1 sender not owned by user", Blocked, "sender_refused"),
    ],
)
async def test_what_each_answer_means(
    mail_server: FakeSmtp, stage: str, answer: str, kind: type[ChannelError], reason: str | None
) -> None:
    """Each answer has one meaning, and its detail repeats neither the server's words nor the address."""
    mail_server.script.always(stage, answer)
    error = await refused_mail(mail_server)
    assert type(error) is kind
    assert getattr(error, "reason", None) == reason
    assert error.detail.startswith(stage)
    assert "ada" not in error.detail.lower()
    assert not mail_server.messages


@pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "451 4.7.1 try again later"])
async def test_greylisting_waits_a_minute(mail_server: FakeSmtp, answer: str) -> None:
    """A greylisted mail asks for a wait of at least a minute."""
    mail_server.script.always("rcpt", answer)
    error = await refused_mail(mail_server)
    assert isinstance(error, Transient)
    assert error.retry_after is not None
    assert error.retry_after >= timedelta(seconds=60)


async def test_nobody_at_the_port_is_transient() -> None:
    """A server that is down is a matter of time."""
    gone = FakeSmtp()
    async with gone:
        pass
    assert isinstance(await refused_mail(gone), Transient)


@pytest.mark.parametrize(("stage", "kind"), [("connect", Transient), ("rcpt", Transient), ("data", Ambiguous)])
async def test_silence_before_the_content_is_transient_and_after_it_ambiguous(
    mail_server: FakeSmtp, stage: str, kind: type[ChannelError]
) -> None:
    """A server that says nothing more may only have the mail once it had the content."""
    mail_server.script.always(stage, "hang")
    mailer = Mailer(over_smtp(mail_server), 1, before_content=0.2, after_content=0.2)
    with pytest.raises(kind):
        await mailer.send(ADA, message())
    await mailer.close()
