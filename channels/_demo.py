"""The stand-in for a provider that is not configured: development prints, production refuses."""

import sys
from collections.abc import Iterable

from channels._text import lines, one_line
from channels.base import Accepted, Blocked, Letter, Message
from core.settings import Settings


def printed(channel: str, address: str, message: Message) -> str:
    """Return the block that a person reads on the terminal in place of a delivery."""
    rows = [
        ("title", one_line(message.title)),
        ("due", message.due_local),
        ("rule", one_line(message.rule or "")),
        ("team", one_line(message.team)),
        *(("", line) for line in lines(message.body or "") if line),
        ("notice", message.notice or ""),
        ("link", message.url or ""),
    ]
    return _box(f"{channel} to {one_line(address)}", rows, message.delivery_id)


def _box(head: str, rows: Iterable[tuple[str, str]], foot: str) -> str:
    inside = "\n".join(f"│ {label:<7}{text}" for label, text in rows if text)
    return f"┌ {head}\n{inside}\n└ {foot}\n"


def stand_in(settings: Settings, channel: str, address: str, message: Message, *, needs: str) -> Accepted:
    """Print a message whose channel has no provider; in production raise Blocked instead."""
    return _print(settings, printed(channel, address, message), needs)


def stand_in_letter(settings: Settings, address: str, letter: Letter, letter_id: str, *, needs: str) -> Accepted:
    """Print a letter where mail has no server; in production raise Blocked instead."""
    said = [("", one_line(paragraph)) for paragraph in letter.paragraphs]
    rows = [("title", one_line(letter.subject)), *said, ("link", letter.url or "")]
    return _print(settings, _box(f"email to {one_line(address)}", rows, letter_id), needs)


def _print(settings: Settings, text: str, needs: str) -> Accepted:
    if settings.production:
        detail = f"{needs} is not set"
        raise Blocked(detail, reason="not_configured")
    # The standard output and not the log: the log never bears content or addresses.
    sys.stdout.write(text)
    sys.stdout.flush()
    return Accepted(ref="printed")
