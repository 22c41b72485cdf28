"""The languages that there are."""

from typing import Final

from schedules.words.english import English
from schedules.words.german import German
from schedules.words.voice import Voice

VOICES: Final[dict[str, Voice]] = {"en": English(), "de": German()}


def voice_of(locale: str) -> Voice:
    """Return the language of a locale such as `de-AT` or `de_DE`; English where it is none of ours."""
    return VOICES.get(locale.strip().lower().replace("_", "-").split("-")[0], VOICES["en"])
