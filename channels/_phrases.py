"""The fixed words around what is said, in the languages that people can choose."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language; what is called a column stands before a value, and all columns are equally wide."""

    untitled: str
    due: str
    due_column: str
    team_column: str
    margin: str
    """A column with nothing in it."""
    open: str
    stop: str
    """What the link at the foot does."""


_ENGLISH: Final = Phrases(
    untitled="Reminder",
    due="Due",
    due_column="Due:  ",
    team_column="Team: ",
    margin=" " * 6,
    open="Open reminder",
    stop="Stop reminders to this mailbox",
)
_LANGUAGES: Final = {
    "en": _ENGLISH,
    "de": Phrases(
        untitled="Erinnerung",
        due="Fällig am",
        due_column="Fällig: ",
        team_column="Team:   ",
        margin=" " * 8,
        open="Erinnerung öffnen",
        stop="Keine Erinnerungen mehr an dieses Postfach",
    ),
}


def phrases_of(locale: str) -> Phrases:
    """Return the words of a language; English where it is none of ours."""
    return _LANGUAGES.get(locale, _ENGLISH)
