"""Every mail says how to stop those to its mailbox (RFC 2369, RFC 8058)."""

import pytest

from core import unsubscribe
from core.settings import Settings
from tests.channels.example import message
from tests.channels.test_mail_bytes import WRITER, body, read

HTTPS = Settings(_env_file=None, public_url="https://reminders.example.com/behind/a/rather/long/path")
URL = unsubscribe.url(HTTPS, "email", bytes(32))


def test_the_headers_are_whole_lines() -> None:
    """The address is longer than 76 columns and still on one line, neither folded nor encoded."""
    assert len(URL) > 100
    content = WRITER.write("a@example.com", message(unsubscribe_url=URL))
    lines = content.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    assert b"List-Unsubscribe: <" + URL.encode() + b">" in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert max(map(len, lines)) <= 998
    mail = read(content)
    assert not mail.defects
    assert mail["List-Unsubscribe"] == f"<{URL}>"


@pytest.mark.parametrize(
    ("locale", "line"),
    [("en", "Stop reminders to this mailbox"), ("de", "Keine Erinnerungen mehr an dieses Postfach")],
)
def test_the_foot_has_a_link_in_both_forms(locale: str, line: str) -> None:
    """Below the signature's mark in plain text, below the card in HTML, in the reader's language."""
    mail = read(WRITER.write("a@example.com", message(unsubscribe_url=URL, locale=locale)))
    assert body(mail, "plain").rstrip().endswith(f"\n-- \n{line}:\n{URL}")
    assert f'href="{URL}"' in body(mail, "html")
    assert f">{line}</a>" in body(mail, "html")


def test_one_click_needs_https() -> None:
    """RFC 8058 knows no other scheme; the link itself works."""
    mail = read(WRITER.write("a@example.com", message(unsubscribe_url="http://127.0.0.1:8000/unsubscribe/x")))
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/unsubscribe/x>"
    assert mail["List-Unsubscribe-Post"] is None


def test_where_nothing_can_be_stopped_nothing_is_said() -> None:
    """A mail without such a link has neither header nor foot."""
    mail = read(WRITER.write("a@example.com", message()))
    assert "List-Unsubscribe" not in mail
    assert "Stop reminders" not in body(mail, "plain") + body(mail, "html")
