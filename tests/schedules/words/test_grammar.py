"""The grammars themselves: every line can be read, and no text takes long."""

import inspect
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from schedules.words.parse import parse
from schedules.words.parsing.grammar import Grammar, Reading, _elements
from schedules.words.parsing.misspelt import misspelt
from schedules.words.parsing.read import GRAMMARS
from schedules.words.parsing.tokens import tokens_of

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LINES = [
    pytest.param(grammar, line, meaning, id=f"{language} {symbol}: {line}")
    for language, grammar in GRAMMARS.items()
    for symbol, lines in grammar.symbols.items()
    for line, meaning in lines
]


@pytest.mark.parametrize(("grammar", "line", "meaning"), LINES)
def test_every_line_fits_its_meaning(grammar: Grammar, line: str, meaning: Any) -> None:
    """Its slots are symbols that there are, and what they take is what its meaning wants."""
    slots = [element for element in _elements(line) if element.name]
    assert {slot.symbol for slot in slots} <= grammar.symbols.keys() | grammar.lexers.keys()
    for taken in ({slot.name for slot in slots}, {slot.name for slot in slots if not slot.maybe}):
        inspect.signature(meaning).bind(**dict.fromkeys(taken))


def test_a_list_is_read_to_its_end() -> None:
    """Commas and “and” join; a list may also end earlier, because the comma may be somebody else's."""
    reading = Reading(GRAMMARS["en"], tokens_of("monday, tuesday and friday, 3 times"))
    found = [end for _, end in reading._several("weekday", 0)]
    assert (found[0], min(found)) == (5, 1)


WORDS = st.sampled_from(
    [
        "every",
        "at",
        "9",
        "and",
        "Monday",
        ",",
        "on",
        "1",
        ".",
        "am",
        "um",
        "jeden",
        "until",
        "except",
        "in",
        "2",
        "hours",
        "week",
        "first",
        "of",
        "the",
        "month",
        "9:00",
        "remind",
        "me",
        "to",
        "@ada",
        "(",
        ")",
        "bis",
        "und",
        "1.",
        "tomorrow",
        "buy",
        "“",
        "24.12.",
        "3pm",
        "not",
        "also",
        "for",
        "times",
        "x",
        "next",
        "last",
    ]
)


@pytest.mark.timeout(60)
@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=100) | st.tuples(WORDS, WORDS, WORDS).map(lambda few: list(few) * 40))
def test_no_text_takes_for_ever(words: list[str]) -> None:
    """Whatever somebody types, there is an answer: a schedule that has a next occurrence, or a refusal."""
    with suppress(DomainError):
        assert parse(" ".join(words)[:500], "Europe/Berlin", NOW).occurrences


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "again",
    [
        "except dec 24, ",
        "(UTC) ",
        "1. ",
        "mon,",
        ",",
        "daily ",
        "at 9 ",
        "until dec 1 ",
        "@a ",
        "half past 9 ",
        "“",
        "a ",
    ],
)
def test_what_goes_on_and_on_is_answered_soon(again: str) -> None:
    """A thousand characters neither overflow the stack nor take the seconds that others would wait for."""
    with suppress(DomainError):
        assert parse(f"tomorrow {again * 1000}"[:1000], "Europe/Berlin", NOW).occurrences


@pytest.mark.parametrize(
    ("word", "slipped"),
    [
        *(("tomorrow", word) for word in ("tomorow", "tommorow", "tomorrwo", "tommorrow", "tomoroww")),
        *(("wednesday", word) for word in ("wensday", "wendesday", "wednsday", "wednesdays")),
        *(("freitag", word) for word in ("fretag", "freitga", "frietag", "freittag")),
    ],
)
def test_a_mistyped_day_is_no_part_of_the_message(word: str, slipped: str) -> None:
    """Letters left out, added, or swapped; the word itself, its plural and words of their own are not meant."""
    assert misspelt(slipped) is (slipped != f"{word}s")
    assert not misspelt(word)
    assert not any(misspelt(other) for other in ("sundae", "montage", "borrow", "dienste", "very", "ehrlich", "märz"))
