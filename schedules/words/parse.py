"""What people type, as message, audience and schedule; every word is understood, or the text is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from core.errors import Invalid
from schedules import plan
from schedules.base import Instant, ScheduleError
from schedules.words.describe import describe
from schedules.words.parsing.doubts import Ambiguity
from schedules.words.parsing.errors import ImpossibleDate, NoTimeFound, NotUnderstood, NotYet, PastDate
from schedules.words.parsing.leftovers import suspicious
from schedules.words.parsing.read import GRAMMARS, Read, read
from schedules.words.parsing.tokens import tokens_of

UPCOMING: Final = 3
_EVERY: Final = frozenset({"every", "each", "jeden", "jede", "jedes", "jeder", "alle"})
_RANK: Final = (ImpossibleDate, PastDate)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text understood."""

    message: str
    """What is left of the text; empty where it says a time and nothing else."""
    mentions: tuple[str, ...]
    """Who is to get it: `me`, `the team`, `@name`, `#channel` or a bare name; empty where nobody was named."""
    schedule: dict[str, Any]
    """As `plan.save` takes it, with `timezone`."""
    description: str
    occurrences: list[Instant]
    ambiguities: list[Ambiguity]
    language: str
    """In which language it was understood."""


def parse(
    text: str,
    timezone: str,
    now: datetime,
    *,
    locale: str | None = None,
    holiday_dates: Sequence[str] | None = None,
) -> Parsed:
    """Understand a text such as “remind ops to send invoices every last Friday at 4pm”, in English or German.

    `timezone` (IANA) holds where the text names none; `now` is aware. The description is in `locale`, or in the
    language of the text. `holiday_dates` are those of the team calendar that the text names. Raises NoTimeFound,
    NotUnderstood, NotYet, ImpossibleDate, PastDate, and ScheduleError where the schedule itself is impossible.
    """
    return planned(understand(text, timezone, now), timezone, now, locale=locale, holiday_dates=holiday_dates)


def planned(
    found: Read, timezone: str, now: datetime, *, locale: str | None, holiday_dates: Sequence[str] | None
) -> Parsed:
    """Say what was understood will do; raises ScheduleError."""
    try:
        stored = plan.save(found.spec, now=now, timezone=timezone, holiday_dates=holiday_dates)
    except ScheduleError as error:
        raise ScheduleError(str(error), field="text", code=error.reason) from error
    schedule = plan.load(stored, timezone)
    first = schedule.first(now)
    occurrences = [first, *schedule.upcoming(first.at, UPCOMING - 1)] if first else []
    said = describe(stored, locale or found.language, now=now)
    return Parsed(found.message, found.who, found.spec, said, occurrences, found.ambiguities, found.language)


def understand(text: str, timezone: str, now: datetime) -> Read:
    """Return what the language makes of a text that leaves the shortest message; raises as `parse` does."""
    tokens = tokens_of(text)
    if any(first.low in _EVERY and second.low == "!" for first, second in pairwise(tokens)):
        raise NotYet
    found: list[Read] = []
    refused: list[Invalid] = []
    for language in GRAMMARS:
        try:
            if (understood := read(text, timezone, now, language)) is not None:
                found.append(understood)
        except Invalid as error:
            refused.append(error)
    if found:
        return min(found, key=lambda understood: len(understood.message))
    if refused:
        raise next((error for error in refused if isinstance(error, _RANK)), min(refused, key=_words))
    words = suspicious(tokens, (), language="en", led=False, trailed=False)
    if words is None:
        raise NoTimeFound
    raise NotUnderstood(words)


def _words(error: Invalid) -> int:
    return len(error.words) if isinstance(error, NotUnderstood) else 0
