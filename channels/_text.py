"""Text of people made fit for the wire: one line, or many, and never a control character."""

import re

# Lone surrogates cannot be encoded at all; NUL and the other controls are refused by one provider or another.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return the text on one line, with single spaces and without control characters."""
    return " ".join(_clean(text, " ").split())


def lines(text: str) -> list[str]:
    """Return the text's lines without control characters, whatever kind of line break it used."""
    return [_clean(line, "").rstrip() for line in text.strip().splitlines()] or [""]


def _clean(text: str, instead: str) -> str:
    # Nearly all text is printable, and that is told ten times faster.
    return text if text.isprintable() else _CONTROL.sub(instead, text)


def shorten(text: str, limit: int) -> str:
    """Return the text, cut to the limit with an ellipsis where it is longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
