"""One text in one language: the best way to cut it that makes a schedule."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from unicodedata import category

from core.errors import Invalid
from schedules.words.parsing import english_words, german_words
from schedules.words.parsing.assemble import assemble
from schedules.words.parsing.cut import Cut, Cutter
from schedules.words.parsing.doubts import Ambiguity
from schedules.words.parsing.english_clauses import ENGLISH
from schedules.words.parsing.errors import ImpossibleDate, NotUnderstood
from schedules.words.parsing.found import Found, Said, Unfit, together
from schedules.words.parsing.frames import ENGLISH_FRAME, GERMAN_FRAME
from schedules.words.parsing.german_clauses import GERMAN
from schedules.words.parsing.grammar import Grammar, Reading
from schedules.words.parsing.leftovers import doubtful_number, suspicious
from schedules.words.parsing.message import message_of
from schedules.words.parsing.tokens import Token, tokens_of

GRAMMARS: Final = {
    "en": Grammar({**ENGLISH.symbols, **ENGLISH_FRAME}, ENGLISH.lexers, ENGLISH.conjunctions),
    "de": Grammar({**GERMAN.symbols, **GERMAN_FRAME}, GERMAN.lexers, GERMAN.conjunctions),
}
ADVERBS: Final = {"en": english_words.ADVERBS, "de": german_words.ADVERBS | {"täglich"}}
_CLOSING: Final = frozenset({".", "!", "?", "please", "bitte", "erinnern"})
_RAW: Final = re.compile(r"\s*(cron)\s+(@\w+|(?:[^\s(]+\s+){4}[^\s(]*[^\s(,])|\s*(rrule)\s+([^\s(]+)", re.IGNORECASE)
_MOST_TRIED: Final = 400
_PART: Final = "part of the message"


@dataclass(frozen=True, slots=True)
class Read:
    """What one language makes of a text."""

    language: str
    message: str
    who: tuple[str, ...]
    spec: dict[str, Any]
    ambiguities: list[Ambiguity]


def read(text: str, timezone: str, now: datetime, language: str) -> Read | None:
    """Read a text; None where nothing in it tells a time. Raises the errors of `errors.py`."""
    raw = _RAW.match(text)
    rest = text[raw.end() :] if raw else text
    tokens = tokens_of(rest)
    end = len(tokens)
    # The full stop after a figure may belong to a date: 24.12.
    while end and _closes(tokens, end):
        end -= 1
    cutter = Cutter(rest, Reading(GRAMMARS[language], tokens), end)
    if raw:
        kind, rule = (raw[1], raw[2]) if raw[1] else (raw[3], raw[4])
        said = Said({"raw": (kind.lower(), rule)}, raw[0])
        cuts = [Cut((said, *run), (), end, end) for run in cutter.closing(0)]
    else:
        cuts = cutter.cuts()
    return _best(rest, tokens, cuts, timezone, now, language)


def _closes(tokens: list[Token], end: int) -> bool:
    low = tokens[end - 1].low
    if low == "." and _ends_in_figure(tokens, end):
        return False
    # Whatever smiles behind the last word is not a part of any clause.
    return low in _CLOSING or (bool(low) and not low.isascii() and all(category(sign)[0] in "SMC" for sign in low))


def _ends_in_figure(tokens: list[Token], end: int) -> bool:
    return end > 1 and tokens[end - 2].low[-1:].isdigit()


def _best(text: str, tokens: list[Token], cuts: list[Cut], timezone: str, now: datetime, language: str) -> Read | None:
    refused: Invalid | None = None
    for cut in cuts[:_MOST_TRIED]:
        try:
            return _made(text, tokens, cut, timezone, now, language)
        except Unfit as unfit:
            refused = refused or NotUnderstood(unfit.words)
        except NotUnderstood as error:
            refused = refused or error
    if refused is not None:
        raise refused
    return None


def _made(text: str, tokens: list[Token], cut: Cut, timezone: str, now: datetime, language: str) -> Read:
    _counted_from_here(cut)
    found = together(cut.run)
    adverb = _adjective(cut, found, language)
    message = tokens[cut.start : cut.end]
    trailed = cut.end < len(tokens)
    names = {*found.values, *(("who",) if cut.who else ())}
    words = suspicious(message, names, language=language, led=cut.led, trailed=trailed)
    if words is not None:
        raise NotUnderstood(words)
    try:
        spec, doubts = assemble(found, now, timezone)
    except (OverflowError, ValueError) as error:
        # Beyond the calendar: in a billion days.
        raise ImpossibleDate(" ".join(found.words.values())) from error
    if adverb:
        doubts.append(Ambiguity(adverb, adverb, (adverb, _PART)))
    number = doubtful_number(message, found.values) if trailed else None
    if number is not None:
        doubts.append(Ambiguity(number, _PART, (_PART, f"{int(number):02}:00")))
    return Read(language, message_of(text, tokens, cut), _who(cut, found), spec, doubts)


def _counted_from_here(cut: Cut) -> None:
    """Raise Unfit at “3 times every day”, which may well be three times a day; “for 3 times” is not."""
    for first, second in pairwise(cut.run):
        counted = first.clause.keys() == {"count"} and first.words.lower().split()[0] not in {"for", "für"}
        if counted and {"rate", "elapsed", "quarter"} & second.clause.keys():
            words = f"{first.words} {second.words}"
            raise Unfit(words)


def _adjective(cut: Cut, found: Found, language: str) -> str | None:
    """Return the word before the message that may as well belong to it: “weekly report on Friday”.

    Raises Unfit where another clause says how often: then “weekly review every Friday” is about the weekly review.
    """
    if not (cut.led and cut.start < cut.end) or cut.run[0].words.lower() not in ADVERBS[language]:
        return None
    if any("rate" in said.clause or "quarter" in said.clause for said in cut.run[1:]):
        raise Unfit(cut.run[0].words)
    return cut.run[0].words.lower() if found.get("day") else None


def _who(cut: Cut, found: Found) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*cut.who, *(found.get("who") or ()))))
