"""A reminder as Slack's blocks. Limits: https://docs.slack.dev/reference/block-kit/blocks/."""

import re
from typing import Any

from channels._phrases import phrases_of
from channels._text import lines, one_line, shorten
from channels.base import Message

HEADER_LIMIT = 150
SECTION_LIMIT = 3000
CONTEXT_LIMIT = 2000
FALLBACK_LIMIT = 3000

# The three characters that Slack interprets: https://docs.slack.dev/messaging/formatting-message-text#escaping
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SPECIAL = re.compile("[&<>]")
_CUT_ESCAPE = re.compile(r"&[a-z]*…$")

Block = dict[str, Any]


def escaped(text: str, limit: int) -> str:
    """Return user text as Slack shows it literally, at most `limit` characters after escaping."""
    # Few texts hold one of the three, and beyond ASCII a translation costs more than all the rest.
    whole = text.translate(_ESCAPES) if _SPECIAL.search(text) else text
    return whole if len(whole) <= limit else _CUT_ESCAPE.sub("…", shorten(whole, limit))


def fallback(message: Message) -> str:
    """Return the line that notifications and old clients show."""
    return escaped(_title(message), FALLBACK_LIMIT)


def blocks(message: Message) -> list[Block]:
    """Return title, body, notice, and a last line with due time, team, rule and link.

    The body is plain text: in Slack's markup a `@here` of the body would ring everybody.
    """
    phrases = phrases_of(message.locale)
    found: list[Block] = [{"type": "header", "text": _plain(_title(message), HEADER_LIMIT)}]
    body = "\n".join(lines(message.body)) if message.body else ""
    if body:
        found.append({"type": "section", "text": _plain(body, SECTION_LIMIT)})
    if message.notice:
        found.append({"type": "context", "elements": [_plain(one_line(message.notice), CONTEXT_LIMIT)]})
    said = f"{phrases.due} {one_line(message.due_local)} · {one_line(message.team)}"
    facts = [_plain(f"{said} · {one_line(message.rule)}" if message.rule else said, CONTEXT_LIMIT)]
    if message.url:
        link = message.url.translate(_ESCAPES).replace("|", "%7C")
        facts.append({"type": "mrkdwn", "text": f"<{link}|{phrases.open}>", "verbatim": True})
    found.append({"type": "context", "elements": facts})
    return found


def _title(message: Message) -> str:
    return one_line(message.title) or phrases_of(message.locale).untitled


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": escaped(text, limit), "emoji": False}
