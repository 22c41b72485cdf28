"""Letters about accounts as mails."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import open_channel
from channels._mail_bytes import MailWriter
from channels._text import one_line
from channels.base import Blocked, Letter, Permanent
from channels.email import Email
from tests.channels.example import ADA, over_smtp, production, settings
from tests.channels.test_mail_bytes import body, read
from tests.fakes.smtp_server import FakeSmtp

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
URL = "https://reminders.example/account/verify?token=" + "x" * 43 + "&lang=de"
LETTER = Letter("Bestätige deine Mailadresse", ["Hallo Zoë,", "bitte bestätige."], "Bestätigen", URL, ["Einmal."], "de")
WRITER = MailWriter(settings())


def written(letter: Letter) -> EmailMessage:
    """Write a letter and read it back."""
    return read(WRITER.write_letter(ADA, letter, "id.1", AT))


def test_a_letter_is_read_back_as_it_was_meant() -> None:
    """Words, button and link stand in both forms, and the headers say that a machine wrote it."""
    mail = written(LETTER)
    assert (mail["Subject"], mail["To"], mail["Message-ID"]) == (LETTER.subject, ADA, "<id.1@[127.0.0.1]>")
    assert (mail["Auto-Submitted"], mail["X-Reminder-Delivery"]) == ("auto-generated", None)
    assert URL in body(mail, "plain")
    assert URL.replace("&", "&amp;") in body(mail, "html")
    for words in ("Hallo Zoë,", "Einmal.", "Bestätigen"):
        assert words in body(mail, "plain")
        assert words in body(mail, "html")


def test_without_a_link_there_is_no_button() -> None:
    """A notice is only read."""
    assert "<a " not in body(written(Letter("Changed", ["It has changed."])), "html")


@given(st.text(max_size=200))
def test_any_name_makes_a_correct_letter(name: str) -> None:
    """Whatever somebody calls themselves: one line of header, escaped markup, nothing broken."""
    mail = written(Letter(f"{name} invites you", [f"Hello {name}"], closing=[name]))
    assert not mail.defects
    assert mail["Subject"] == one_line(f"{name} invites you")
    assert "Bcc" not in mail


def test_markup_in_a_letter_is_text() -> None:
    """What people wrote is escaped, wherever it stands."""
    evil = '<img src=x onerror="alert(1)">'
    assert "<img" not in body(written(Letter(evil, [evil], evil, URL, [evil])), "html")


async def test_a_letter_is_handed_over_and_refused_like_any_mail(mail_server: FakeSmtp) -> None:
    """Accepted with the queue's id, and no odd address reaches the server."""
    async with Email(over_smtp(mail_server)) as channel:
        await channel.post(ADA, LETTER, "id.1", AT)
        with pytest.raises(Permanent):
            await channel.post("ada@example.com>\r\nRCPT TO:<eve@example.com", LETTER, "id.2", AT)
    [mail] = mail_server.messages
    assert mail.recipients == [ADA]


async def test_without_a_server_it_is_printed_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Development prints the link; production says what is missing and prints nothing."""
    async with Email(settings()) as channel:
        await channel.post(ADA, LETTER, "id.1", AT)
    assert URL in capsys.readouterr().out
    async with open_channel("email", production()) as channel:
        assert isinstance(channel, Email)
        with pytest.raises(Blocked, match="SMTP_HOST"):
            await channel.post(ADA, LETTER, "id.1", AT)
    assert capsys.readouterr().out == ""
