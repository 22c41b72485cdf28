"""Text as tokens that remember where they stood, so that the message can be cut out unchanged."""

import re
from dataclasses import dataclass
from typing import Final

_SPELT: Final = {
    "taeglich": "täglich", "woechentlich": "wöchentlich", "jaehrlich": "jährlich", "stuendlich": "stündlich",
    "uebermorgen": "übermorgen", "naechste": "nächste", "naechsten": "nächsten", "naechster": "nächster",
    "naechstes": "nächstes", "frueh": "früh", "fuer": "für", "ausser": "außer", "fuenf": "fünf", "zwoelf": "zwölf",
    "dreissig": "dreißig", "fuenfzehn": "fünfzehn",
}  # fmt: skip
"""How German words of time are written where the keyboard has no umlauts."""
_TOKEN: Final = re.compile(
    r"""
      (?P<quoted> "[^"]*" | “[^“”]*[”“] | „[^“”"]*[“”"] | «[^«»]*» | »[^«»]*« )
    | (?P<word> /remind\b | \d{1,2},\d(?!\w) | (?!@\d{1,2}(?:[:.]\d\d)?(?:am|pm|uhr|h)?(?!\w)) [@\#]\w+(?:[.\-_]\w+)*
        | \w+(?:['\u2019.\-/:+&_@]\w+)*(?:(?<=\d)[+-]\d\d:\d\d)? )
    | (?P<mark> \S )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a quotation, or a single mark."""

    text: str
    low: str
    """In lower case, for looking it up; empty for a quotation, which nothing looks into."""
    start: int
    end: int

    @property
    def quoted(self) -> bool:
        """Whether it is a quotation."""
        return not self.low


def tokens_of(text: str) -> list[Token]:
    """Split a text."""
    return [
        Token(found[0], "" if found["quoted"] else _low(found[0]), found.start(), found.end())
        for found in _TOKEN.finditer(text)
    ]


def _low(word: str) -> str:
    low = word.lower().replace("\u2019", "'")
    return _SPELT.get(low, low)


def between(text: str, tokens: list[Token], start: int, end: int) -> str:
    """Return the text of the tokens [start, end)."""
    return text[tokens[start].start : tokens[end - 1].end] if start < end else ""
