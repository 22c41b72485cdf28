"""Mails as bytes, read back by the standard library."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels._mail_bytes import MailWriter, host_name, mailbox
from channels._text import lines, one_line
from tests.channels.example import message, settings

BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c"]
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID"),
    *("Auto-Submitted", "X-Reminder-Delivery", "MIME-Version", "Content-Type"),
]
WRITER = MailWriter(settings())


def read(content: bytes) -> EmailMessage:
    """Read a mail strictly."""
    return email.message_from_bytes(content, policy=email.policy.default)


def body(mail: EmailMessage, form: str) -> str:
    """Return one form of a mail's body."""
    part = mail.get_body((form,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("line_break", BREAKS)
def test_no_line_break_of_a_title_reaches_the_headers(line_break: str) -> None:
    """Whatever breaks a line becomes a space, so that a title adds no header."""
    mail = read(WRITER.write("a@example.com", message(title=f"Rent{line_break}Bcc: eve@example.com", team="x\r\nX: y")))
    assert mail.keys() == HEADERS
    assert mail["Subject"] == "Rent Bcc: eve@example.com"


@given(title=st.text(st.characters(), max_size=200), note=st.text(st.characters(), max_size=300))
def test_any_text_makes_a_correct_mail(title: str, note: str) -> None:
    """Any text at all, lone surrogates and NUL included, is read back as the line and the lines that it is."""
    content = WRITER.write("a@example.com", message(title=title, body=note, notice=None, url=None))
    mail = read(content)
    assert mail.keys() == HEADERS
    assert not mail.defects
    assert mail["Subject"] == (one_line(title) or "Reminder")
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")
    if note.strip():
        assert [line for line in body(mail, "plain").split("\n") if line][3:] == [line for line in lines(note) if line]


def test_html_escapes_what_people_wrote() -> None:
    """Text of people is text in HTML, wherever it stands."""
    evil = '<img src=x onerror="alert(1)">&'
    mail = read(WRITER.write("a@example.com", message(title=evil, body=evil, team=evil, notice=evil, rule=evil)))
    html = body(mail, "html")
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=&#34;alert(1)&#34;&gt;&amp;") == 6


@pytest.mark.parametrize("title", ["=?utf-8?q?evil?=", "x" * 300, "Zahltag — Müller & Söhne " * 8, "👩‍👩‍👧 " * 30])
def test_odd_titles_arrive_as_they_were(title: str) -> None:
    """A title that looks encoded, is long, or is beyond ASCII is read back unchanged."""
    assert read(WRITER.write("a@example.com", message(title=title)))["Subject"] == title.strip()


@pytest.mark.parametrize(
    "name", ["Team Reminders", 'A "B", C', "Grüße", "a\r\nBcc: x", "\\", "é" * 19, "Plain " * 10, ""]
)
def test_the_senders_name_is_read_back(name: str) -> None:
    """The sender's name may hold anything; the address stays the address."""
    mail = read(b"From: " + mailbox(name, "r@example.com") + b"\r\n\r\n")
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (one_line(name), "r@example.com")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://reminders.example:8443/x", "reminders.example"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
        ("https://müller.example", "xn--mller-kva.example"),
    ],
)
def test_our_host_as_mail_writes_it(url: str, host: str) -> None:
    """Addresses become literals and names become ASCII."""
    assert host_name(url) == host


def test_a_mail_speaks_its_readers_language() -> None:
    """The fixed words are in the language of the message, and HTML says which that is."""
    said = {"due_local": "Fr 27. Nov 2026, 16:00 (Europe/Berlin)", "rule": "Jeden Freitag um 16:00 (Europe/Berlin)"}
    mail = read(WRITER.write("a@example.com", message(**said, locale="de", title=" ")))
    assert mail["Subject"] == "Erinnerung"
    assert body(mail, "plain").startswith(
        "Erinnerung\n\n"
        "Fällig: Fr 27. Nov 2026, 16:00 (Europe/Berlin)\n"
        "        Jeden Freitag um 16:00 (Europe/Berlin)\n"
        "Team:   Office\n"
    )
    html = body(mail, "html")
    for part in ('<html lang="de">', ">Fällig am Fr 27. Nov", f">{said['rule']}</p>", ">Erinnerung öffnen</a>"):
        assert part in html


def test_without_a_rule_there_is_no_line_for_it() -> None:
    """What comes once shows its time and no empty line."""
    mail = read(WRITER.write("a@example.com", message(locale="fr")))
    assert body(mail, "plain").startswith(
        "Pay the rent\n\nDue:  Fri 27 Nov 2026, 16:00 (Europe/Berlin)\nTeam: Office\n"
    )
    html = body(mail, "html")
    assert html.count('<p class="soft"') == 2
    assert ">Open reminder</a>" in html
