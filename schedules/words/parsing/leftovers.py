"""Whether the message still holds words that may have been meant as a time; then nothing is guessed."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from schedules.words.parsing import english_words, german_words
from schedules.words.parsing.misspelt import misspelt
from schedules.words.parsing.tokens import Token

_STRONG: Final = english_words.STRONG | german_words.STRONG
_ADVERBS: Final = english_words.ADVERBS | german_words.ADVERBS
# A sentence in the one language must not pass as a message in the other; these are words in both.
_DANGLING: Final = {
    "en": english_words.DANGLING | (german_words.DANGLING - {"die", "den", "das", "am", "in", "im", "ca", "dem"}),
    "de": german_words.DANGLING | (english_words.DANGLING - {"last", "late", "a", "other"}),
}
_MONTHS: Final = english_words.WORDS.months.keys() | german_words.WORDS.months.keys()
_UNITS: Final = english_words.WORDS.units.keys() | german_words.WORDS.units.keys()
_FEASTS: Final = english_words.FEASTS | german_words.FEASTS
_BEFORE_FEAST: Final = frozenset({"on", "at", "before", "by", "an", "zu", "vor", "am", "this", "next", "bis", "until"})
_FIGURE: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th)?", re.ASCII)
_CLOCK: Final = re.compile(
    r"@?\d{1,2}[:.]\d\d(?::\d\d)?(?:am|pm)?|@?\d{1,2}(?:am|pm|uhr)|\d{4}-\d\d-\d\d.*"
    r"|\d{1,2}h\d\d|\d{3,4}(?:h|hrs?|uhr)"
    r"|\d{1,2}(?::\d\d)?(?:am|pm)?-\d{1,2}(?::\d\d(?:am|pm)?|am|pm|uhr)",
    re.ASCII,
)
_NUMBERS: Final = english_words.WORDS.numbers.keys() | german_words.WORDS.numbers.keys()
_BEFORE_LENGTH: Final = frozenset({"in", "for", "within", "every", "alle", "für", "innerhalb"})
_LEADING: Final = english_words.LEADING | german_words.LEADING
_CALENDAR: Final = frozenset(
    {"week", "month", "year", "quarter", "weekend", "woche", "monat", "jahr", "wochenende", "quartal"}
)
_BEFORE_FIGURE: Final = frozenset({"at", "um", "gegen", "ab", "by", "around", "am"})
_SPAN: Final = re.compile(r"\d{1,2}-\d{1,2}", re.ASCII)
_MILITARY: Final = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d", re.ASCII)
_ARTICLES: Final = frozenset({"a", "an", "one", "ein", "eine", "einer", "einem", "einen"})
_HOURS: Final = frozenset({str(hour) for hour in range(1, 13)} | (_NUMBERS - _ARTICLES))
_MINUTES: Final = frozenset({"5", "10", "20", "25", "five", "ten", "twenty", "fünf", "zehn", "zwanzig"})
_BEFORE_HOUR: Final = frozenset({"half", "halb", "viertel", "dreiviertel"})
_BESIDE_HOUR: Final = frozenset({"to", "past", "vor", "nach"})
_BEFORE_HOLIDAYS: Final = frozenset({"on", "not", "except", "but", "an", "nicht", "außer"})
_HOLIDAYS: Final = frozenset({"holidays", "feiertagen", "feiertags"})
_REMIND: Final = frozenset({"remind", "/remind", "erinnere", "erinner"})
_PARTS: Final = english_words.WORDS.parts.keys() | german_words.WORDS.parts.keys()
_AREAS: Final = frozenset({"africa", "america", "asia", "atlantic", "australia", "europe", "indian", "pacific", "etc"})
_WEEKS: Final = frozenset({"week", "weeks", "fortnight", "woche", "wochen"})


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
    # Another language's beginning, or one that could not be read to its end.
    begun = names and "who" not in names and not led and message[0].low in _REMIND
    if begun or (led and _goes_on(message)):
        return _around(message, 0)
    place = next((place for place in range(len(message)) if _tells(message, place, names)), None)
    if place is not None:
        return message[place].text if misspelt(message[place].low) else _around(message, place)
    if not {"times", "after", "elapsed"} & names and _spans(message, led=led, trailed=trailed):
        return _around(message, 0)
    return _dangling(message, language) if trailed else None


def _tells(message: Sequence[Token], place: int, names: set[str]) -> bool:
    """Tell whether a word, or what begins with it, speaks of time."""
    low, second, third = (message[at].low if at < len(message) else "" for at in range(place, place + 3))
    known_days = bool(names & {"day", "rate", "quarter", "elapsed", "after", "at"})
    if low in _STRONG or _CLOCK.fullmatch(low) or (low in _ADVERBS and not known_days) or misspelt(low):
        return True
    if place + 1 == len(message):
        return False
    return _pair(low, second, third) or _spoken(low, second, third, timed="times" in names)


def _spans(message: Sequence[Token], *, led: bool, trailed: bool) -> bool:
    """Tell whether “9-5” stands right beside the time."""
    beside = (*message[: int(led)], *message[len(message) - int(trailed) :])
    return any(_SPAN.fullmatch(token.low) for token in beside)


def _dangling(message: Sequence[Token], language: str) -> str | None:
    """Return the end of a message that goes on into the time behind it: “about”, “a week”."""
    last = message[-1].low
    if last in _DANGLING[language]:
        return message[-1].text
    weeks = len(message) > 1 and last in _WEEKS and _counts(message[-2].low)
    return _around(message, len(message) - 1) if weeks else None


def _goes_on(message: Sequence[Token]) -> bool:
    """Tell whether a message begins as if the time before it went on: “between 9 and 17”, “the 13th”, “PST”."""
    first = message[0]
    spelt = first.text in english_words.ZONES or first.low in english_words.LOWER_ZONES
    second = message[1].low if len(message) > 1 else ""
    ordinal = first.low == "the" and _FIGURE.fullmatch(second)
    figure = first.low.isdigit() or _FIGURE.fullmatch(first.low)
    of_it = (first.low == "day" and second == "of") or (first.low == "'" and second.isdigit())
    misnamed = first.low.partition("/")[0] in _AREAS and "/" in first.low
    torn = len(message) == 1 and first.low in _PARTS
    return bool(first.low in _LEADING or spelt or ordinal or figure or of_it or misnamed or torn)


def doubtful_number(message: Sequence[Token], found: Iterable[str]) -> str | None:
    """Return the number at the end of a message that may have been meant as an hour: “call mum 5 tomorrow”."""
    hour = message[-1].low if message else ""
    return hour if hour.isdigit() and len(hour) <= 2 and int(hour) < 24 and "times" not in set(found) else None  # noqa: PLR2004  hours


def _counts(low: str) -> bool:
    return low.isdigit() or low in _NUMBERS


def _spoken(first: str, second: str, third: str, *, timed: bool) -> bool:
    """Tell whether words may be a time of day or days that are meant: “half nine”, “ten to six”, “at 1800”."""
    if first in _BEFORE_HOLIDAYS and second in _HOLIDAYS:
        return True
    if timed:
        return False
    if first in _MINUTES and second in _BESIDE_HOUR and third in _HOURS:
        return True
    return (first in _BEFORE_HOUR and second in _HOURS) or (first in {"at", "um"} and bool(_MILITARY.fullmatch(second)))


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
