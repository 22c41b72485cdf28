"""Whether the message still holds words that may have been meant as a time; then nothing is guessed."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from schedules.words.parsing import english_words, german_words
from schedules.words.parsing.tokens import Token

_STRONG: Final = english_words.STRONG | german_words.STRONG
_ADVERBS: Final = english_words.ADVERBS | german_words.ADVERBS
_DANGLING: Final = {"en": english_words.DANGLING, "de": german_words.DANGLING}
_MONTHS: Final = english_words.WORDS.months.keys() | german_words.WORDS.months.keys()
_UNITS: Final = english_words.WORDS.units.keys() | german_words.WORDS.units.keys()
_FEASTS: Final = english_words.FEASTS | german_words.FEASTS
_BEFORE_FEAST: Final = frozenset({"on", "at", "before", "by", "an", "zu", "vor", "am", "this", "next", "bis", "until"})
_FIGURE: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th)?", re.ASCII)
_CLOCK: Final = re.compile(
    r"\d{1,2}[:.]\d\d(?::\d\d)?(?:am|pm)?|\d{1,2}(?:am|pm|uhr)|\d{4}-\d\d-\d\d.*"
    r"|\d{1,2}(?::\d\d)?(?:am|pm)?-\d{1,2}(?::\d\d(?:am|pm)?|am|pm|uhr)",
    re.ASCII,
)
_NUMBERS: Final = english_words.WORDS.numbers.keys() | german_words.WORDS.numbers.keys()
_BEFORE_LENGTH: Final = frozenset({"in", "for", "within", "every", "alle", "für", "innerhalb"})
_LEADING: Final = english_words.LEADING | german_words.LEADING
_CALENDAR: Final = frozenset(
    {"week", "month", "year", "quarter", "weekend", "woche", "monat", "jahr", "wochenende", "quartal"}
)
_BEFORE_FIGURE: Final = frozenset({"at", "um", "gegen", "ab", "by", "around"})


def suspicious(
    message: Sequence[Token], found: Iterable[str], *, language: str, led: bool, trailed: bool
) -> str | None:
    """Return the words of a message that speak of time, or None.

    `found` are the names of what was understood; `led` and `trailed` tell whether clauses stand right around the
    message.
    """
    if not message:
        return None
    names = set(found)
    known_days = bool(names & {"day", "rate", "quarter", "elapsed", "after", "at"})
    for place, token in enumerate(message):
        following = message[place + 1] if place + 1 < len(message) else None
        if token.low in _STRONG or _CLOCK.fullmatch(token.low) or (token.low in _ADVERBS and not known_days):
            return _around(message, place)
        if following and _pair(token.low, following.low, message[place + 2].low if place + 2 < len(message) else ""):
            return _around(message, place)
    if led and _goes_on(message):
        return _around(message, 0)
    if trailed and message[-1].low in _DANGLING[language]:
        return message[-1].text
    return None


def _goes_on(message: Sequence[Token]) -> bool:
    """Tell whether a message begins as if the time before it went on: “between 9 and 17”, “the 13th”, “PST”."""
    first = message[0]
    second = message[1].low if len(message) > 1 else ""
    ordinal = first.low == "the" and _FIGURE.fullmatch(second)
    figure = first.low.isdigit() or _FIGURE.fullmatch(first.low)
    return bool(first.low in _LEADING or first.text in english_words.ZONES or ordinal or figure)


def doubtful_number(message: Sequence[Token], found: Iterable[str]) -> str | None:
    """Return the number at the end of a message that may have been meant as an hour: “call mum 5 tomorrow”."""
    hour = message[-1].low if message else ""
    return hour if hour.isdigit() and len(hour) <= 2 and int(hour) < 24 and "times" not in set(found) else None  # noqa: PLR2004  hours


def _pair(first: str, second: str, third: str) -> bool:
    figure = bool(_FIGURE.fullmatch(second))
    if (first in _BEFORE_FIGURE and figure) or (first in _BEFORE_FEAST and second in _FEASTS):
        return True
    if first in _MONTHS and figure and first != "may":
        return True
    if _FIGURE.fullmatch(first) and (second in _MONTHS or (second == "." and third in _MONTHS)):
        return True
    if first in _BEFORE_LENGTH and third in _UNITS and (second.isdigit() or second in _NUMBERS):
        return True
    return first in {"next", "nächste", "nächsten", "nächstes"} and second in _CALENDAR


def _around(message: Sequence[Token], place: int) -> str:
    """Return a word with its neighbours, as it was written."""
    return " ".join(token.text for token in message[max(place - 1, 0) : place + 3])
