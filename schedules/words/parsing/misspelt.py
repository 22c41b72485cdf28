"""Words of time that were mistyped: left in the message, they would move a reminder to another day."""

from functools import lru_cache
from typing import Final

from schedules.words.parsing import english_words, german_words

_LEAST: Final = 6
_FAR: Final = frozenset({"tomorrow", "wednesday", "february"})
"""What is misspelt so often that two slips are allowed for, and resembles nothing else."""
_WORDS: Final = frozenset(
    word
    for words in (english_words.WORDS, german_words.WORDS)
    for word in (*words.weekdays, *words.plurals, *words.months)
    if len(word) >= _LEAST
) | {"tomorrow", "tonight", "weekday", "übermorgen", "everyday"}  # fmt: skip
_OTHER: Final = frozenset({
    "sundae", "sundry", "montage", "montagen", "auguste", "augusta", "augustus", "dienste", "sontag", "weekdays",
    "knight", "juliet", "julie",
})  # fmt: skip
"""Words and names of their own."""
_KNOWN: Final = {"evry", "evrey", "everry", "evey", "ervery", "jedn", "jeen", "morgn", "mrogen", "tgl", "tägl", "mtl"}
"""What is too short to be told from other words by its letters alone, and abbreviations."""


@lru_cache(maxsize=4096)
def misspelt(low: str) -> bool:
    """Tell whether a word (in lower case) looks like a day, a month or the like, with a slip in it."""
    if low in _KNOWN:
        return True
    if len(low) < _LEAST - 1 or low in _WORDS or low in _OTHER or not low.isalpha():
        return False
    return any(_near(low, word, 2 if word in _FAR else 1) for word in _WORDS)


def _near(low: str, word: str, slips: int) -> bool:
    """Tell whether a word becomes another by few letters left out, added, replaced, or swapped with the next."""
    if low == word:
        return True
    if not slips or abs(len(low) - len(word)) > slips:
        return False
    at = next((place for place, (one, other) in enumerate(zip(low, word, strict=False)) if one != other), None)
    if at is None:
        return True
    one, other = low[at:], word[at:]
    swapped = one[:2] == other[1::-1] and _near(one[2:], other[2:], slips - 1)
    return swapped or any(
        _near(*rest, slips - 1) for rest in ((one[1:], other), (one, other[1:]), (one[1:], other[1:]))
    )
