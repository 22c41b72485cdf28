"""The mails that `reminders up` has caught, read from its folder."""

import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

# Nanoseconds since 1970, as the catcher names its files; nothing else gets into a path.
ID = re.compile(r"[0-9]{20}", re.ASCII)
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Mail:
    """A caught mail; `text` and `html` are None where it has no such part."""

    id: str
    at: datetime
    sender: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None


def newest(folder: Path) -> list[Mail]:
    """Return the newest mails, newest first."""
    names = sorted((path.stem for path in folder.glob("*.eml")), reverse=True)
    found = (read(folder, name) for name in names[:MOST_LISTED])
    return [mail for mail in found if mail is not None]


def read(folder: Path, name: str) -> Mail | None:
    """Return one mail, None when there is none of that id."""
    if not ID.fullmatch(name):
        return None
    try:
        raw = (folder / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    return Mail(
        id=name,
        at=datetime.fromtimestamp(int(name) / 1e9, UTC),
        sender=str(message["from"] or message["return-path"] or ""),
        to=str(message["delivered-to"] or message["to"] or ""),
        subject=str(message["subject"] or "(no subject)"),
        headers=tuple((key, str(value)) for key, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):
        # A character set that nobody knows.
        return str(part.get_payload())
