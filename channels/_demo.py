"""The stand-in for a provider that is not configured: development prints, production refuses."""

import sys

from channels._text import lines, one_line
from channels.base import Accepted, Blocked, Message
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
    inside = "\n".join(f"│ {label:<7}{text}" for label, text in rows if text)
    return f"┌ {channel} to {one_line(address)}\n{inside}\n└ {message.delivery_id}\n"


def stand_in(settings: Settings, channel: str, address: str, message: Message, *, needs: str) -> Accepted:
    """Print a message whose channel has no provider; in production raise Blocked instead."""
    if settings.production:
        detail = f"{needs} is not set"
        raise Blocked(detail, reason="not_configured")
    # The standard output and not the log: the log never bears content or addresses.
    sys.stdout.write(printed(channel, address, message))
    sys.stdout.flush()
    return Accepted(ref="printed")
