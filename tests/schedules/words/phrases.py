"""The phrases of `phrases.toml`, each with what came of it."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from core.errors import DomainError
from schedules.words.parse import parse

FILE: Final = Path(__file__).with_name("phrases.toml")
LISTED: Final = tomllib.loads(FILE.read_text())
NOW: Final = datetime.fromisoformat(LISTED["now"])
ZONE: Final[str] = LISTED["timezone"]
PHRASES: Final[list[dict[str, Any]]] = [phrase for name in ("first", "blind", "later") for phrase in LISTED[name]]

Verdict = Literal["right", "refused", "wrong"]


@dataclass(frozen=True)
class Outcome:
    """What came of a phrase, in the words of the file."""

    phrase: dict[str, Any]
    came: dict[str, Any]

    @property
    def verdict(self) -> Verdict:
        """`refused` where it should have been understood, or for another reason; `wrong` is silently wrong."""
        wanted = {name: value for name, value in self.phrase.items() if name != "text"}
        if {name: self.came.get(name) for name in wanted} == wanted and ("refused" in wanted) is (
            "refused" in self.came
        ):
            return "right"
        return "refused" if "refused" in self.came else "wrong"


def outcome(phrase: dict[str, Any]) -> Outcome:
    """Parse a phrase at the time and place that the file states."""
    try:
        parsed = parse(phrase["text"], ZONE, NOW)
    except DomainError as error:
        return Outcome(phrase, {"refused": error.reason})
    local = [occurrence.local.replace(tzinfo=None, fold=0).isoformat() for occurrence in parsed.occurrences]
    came = {"message": parsed.message, "next": local, "who": list(parsed.mentions), "about": len(parsed.ambiguities)}
    return Outcome(phrase, came)
