"""One mail as bytes, built by hand: microseconds, where `EmailMessage` takes two milliseconds.

RFC 5322 for the form, RFC 2047 for words beyond ASCII, RFC 2045 and 2046 for the body.
"""

import base64
import binascii
import re
from datetime import datetime
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from channels._phrases import phrases_of
from channels._text import lines, one_line
from channels.base import Letter, Message
from core.clock import to_utc
from core.settings import Settings

# Quoted-printable writes `=` as `=3D`, so `=_` can stand in no body that we encode (RFC 2045, 6.7).
_BOUNDARY = b"=_team-reminders"
# 39 bytes become 52 characters; with `=?utf-8?b?`, `?=` and the longest header name that is under 76.
_WORD_BYTES = 39
_PLAIN_BYTES = 66
_PLAIN = re.compile(r"[ -~]{0,66}")
_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")


def encoded(text: str) -> bytes:
    """Return one line of text as the value of an unstructured header, folded, never over 76 columns."""
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return text.encode("ascii")
    words, word = [], b""
    # A word must hold whole characters (RFC 2047, 5), so it is filled character by character.
    for character in text:
        piece = character.encode()
        if len(word) + len(piece) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += piece
    words.append(word)
    return b"\r\n ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words)


def mailbox(name: str, address: str) -> bytes:
    """Return a display name and an address as the value of a `From` header."""
    name = one_line(name)
    if not name:
        return address.encode("ascii")
    phrase = encoded(name)
    if phrase == name.encode() and not _PHRASE.fullmatch(name):
        phrase = b'"' + phrase.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    fold = b"\r\n <" if len(phrase) + len(address) > _PLAIN_BYTES else b" <"
    return phrase + fold + address.encode("ascii") + b">"


def host_name(public_url: str) -> str:
    """Return the host of our own address as mail writes it: a name, or an address literal in brackets."""
    host = urlsplit(public_url).hostname or "localhost"
    try:
        literal = ip_address(host)
    except ValueError:
        return host.encode("idna").decode("ascii")
    return f"[IPv6:{host}]" if literal.version == 6 else f"[{host}]"  # noqa: PLR2004  the protocol's number


def _unsubscribe(url: str | None) -> tuple[bytes, ...]:
    """Return the headers by which mail programs offer a button (RFC 2369, RFC 8058).

    An address cannot be folded, so this line may be longer than 78 columns; RFC 5322 allows 998, and whoever folds or
    encodes it breaks the button.
    """
    if url is None:
        return ()
    one_click = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    header = b"List-Unsubscribe: <" + url.encode("ascii") + b">"
    return (header, one_click) if url.startswith("https://") else (header,)


def _part(kind: bytes, text: str) -> bytes:
    body = binascii.b2a_qp(text.replace("\n", "\r\n").encode(), istext=True)
    head = b"\r\nContent-Type: text/" + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return b"--" + _BOUNDARY + head + body + b"\r\n"


def _body(templates: tuple[Template, Template], words: dict[str, Any]) -> bytes:
    text, html = templates
    parts = _part(b"plain", text.render(words)) + _part(b"html", html.render(words))
    return parts + b"--" + _BOUNDARY + b"--\r\n"


class MailWriter:
    """Writes mails for one sender; the templates are compiled once."""

    def __init__(self, settings: Settings) -> None:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(["html"]),
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._mail = (environment.get_template("mail.txt"), environment.get_template("mail.html"))
        self._letter = (environment.get_template("letter.txt"), environment.get_template("letter.html"))
        self._sender = one_line(settings.smtp_from_name) or settings.smtp_from_email
        self._from = mailbox(settings.smtp_from_name, settings.smtp_from_email)
        self._host = host_name(settings.public_url).encode("ascii")

    def write(self, recipient: str, message: Message) -> bytes:
        """Return the mail for one recipient, with CRLF line ends; the same delivery keeps its Message-ID."""
        phrases = phrases_of(message.locale)
        title = one_line(message.title) or phrases.untitled
        words = {
            "locale": message.locale,
            "phrases": phrases,
            "title": title,
            "due_local": one_line(message.due_local),
            "rule": one_line(message.rule or ""),
            "team": one_line(message.team),
            "notice": one_line(message.notice or ""),
            "body": lines(message.body) if message.body else [],
            "url": message.url,
            "unsubscribe_url": message.unsubscribe_url,
        }
        delivery = message.delivery_id
        at = message.sent_at or message.due_at
        named = (b"X-Reminder-Delivery: " + delivery.encode("ascii"), *_unsubscribe(message.unsubscribe_url))
        return self._head(recipient, title, at, delivery, *named) + _body(self._mail, words)

    def write_letter(self, recipient: str, letter: Letter, letter_id: str, at: datetime) -> bytes:
        """Return a letter for one recipient, with CRLF line ends; `letter_id` names this attempt, `at` dates it."""
        subject = one_line(letter.subject)
        words = {
            "locale": letter.locale,
            "sender": self._sender,
            "subject": subject,
            "paragraphs": [one_line(paragraph) for paragraph in letter.paragraphs],
            "action": one_line(letter.action or ""),
            "url": letter.url,
            "closing": [one_line(line) for line in letter.closing],
        }
        return self._head(recipient, subject, at, letter_id) + _body(self._letter, words)

    def _head(self, recipient: str, subject: str, at: datetime, name: str, *more: bytes) -> bytes:
        lines = (
            b"From: " + self._from,
            b"To: " + recipient.encode("ascii"),
            b"Subject: " + encoded(subject),
            b"Date: " + format_datetime(to_utc(at)).encode("ascii"),
            b"Message-ID: <" + name.encode("ascii") + b"@" + self._host + b">",
            b"Auto-Submitted: auto-generated",
            *more,
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/alternative; boundary="' + _BOUNDARY + b'"\r\n\r\n',
        )
        return b"\r\n".join(lines)
