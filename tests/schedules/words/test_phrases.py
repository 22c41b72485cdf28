"""What people type, from a file that grows."""

from typing import Any

import pytest

from tests.schedules.words.phrases import PHRASES, outcome

GERMAN = set("äöüß")
GERMAN_WORDS = {"um", "am", "uhr", "jeden", "jede", "mich", "das", "und", "alle", "morgen", "im", "ab", "bis", "kaufen"}


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase["text"])
def test_a_phrase_means_what_the_file_says(phrase: dict[str, Any]) -> None:
    """Message, audience, occurrences and the code of a refusal are as they were written down beforehand."""
    found = outcome(phrase)
    assert found.verdict == "right", found.came


def test_there_are_enough_of_them() -> None:
    """150 at the least, 40 of them German, 20 to be refused, and none twice."""
    texts = [phrase["text"] for phrase in PHRASES]
    german = [text for text in texts if GERMAN & set(text) or GERMAN_WORDS & set(text.lower().split())]
    assert len(set(texts)) == len(texts) >= 150
    assert len(german) >= 40
    assert sum("refused" in phrase for phrase in PHRASES) >= 20
