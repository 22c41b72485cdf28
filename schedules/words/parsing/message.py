"""The message as it stood in the text, cleanly cut."""

import re
from typing import Final

from schedules.words.parsing.cut import Cut
from schedules.words.parsing.tokens import Token, between

_EDGES: Final = " \t\n,;:-\u2013"
_QUOTED: Final = re.compile(r'"([^"]*)"|“([^“”]*)[”“]|„([^“”"]*)[“”"]|«([^«»]*)»|»([^«»]*)«')
_SEPARABLE: Final = re.compile(
    r"(ab|an|auf|aus|bei|durch|ein|fest|her|hin|hoch|los|mit|nach|vor|vorbei|weg|weiter|zu|zurück|zusammen)zu(\w+en)"
)


def message_of(text: str, tokens: list[Token], cut: Cut) -> str:
    """Return the message: without marks at its edges, and without the quotes where all of it was quoted."""
    said = between(text, tokens, cut.start, cut.end).strip(_EDGES)
    if whole := _QUOTED.fullmatch(said):
        said = next(part for part in whole.groups() if part is not None).strip()
    return _plain_infinitive(said) if cut.infinitive else said


def _plain_infinitive(said: str) -> str:
    """Turn “die Blumen zu gießen” into “die Blumen gießen”, and “Mama anzurufen” into “Mama anrufen”."""
    words = said.split(" ")
    if len(words) > 1 and words[-2] == "zu":
        return " ".join([*words[:-2], words[-1]])
    if found := _SEPARABLE.fullmatch(words[-1]):
        words[-1] = found[1] + found[2]
    return " ".join(words)
