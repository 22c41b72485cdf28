"""What could have been meant in another way, and what was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schedules.words.parsing import meanings
from schedules.words.parsing.found import Unfit
from schedules.words.parsing.values import PARTS, Clock
from schedules.words.pattern import clock

DEFAULT_HOUR = 9
_NOON = 12


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Words with more than one reading."""

    text: str
    chosen: str
    choices: tuple[str, ...]


Doubts = list[Ambiguity]


def times(clocks: Sequence[Clock], part: str | None, words: str, doubts: Doubts) -> tuple[int, ...]:
    """Return times of day in seconds since midnight, rising; without any, the default for the part of the day.

    Raises Unfit where hour and part of the day contradict each other.
    """
    if not clocks:
        if part is None:
            return (DEFAULT_HOUR * 3600,)
        hour = PARTS[part]
        doubts.append(Ambiguity(words, f"{hour:02}:00", tuple(f"{hour + step:02}:00" for step in (-1, 0, 1))))
        return (hour * 3600,)
    if part is not None:
        settled = [meanings.in_part(each, part) for each in clocks]
        if any(each is None for each in settled):
            raise Unfit(words)
        return tuple(sorted({each.seconds for each in settled if each}))
    # Nine beside seventeen is nine in the morning.
    whole_day = any(not each.unsure and (each.hour > _NOON or not each.hour) for each in clocks)
    return tuple(sorted({_chosen(each, words, doubts, sure=whole_day) for each in clocks}))


def _chosen(each: Clock, words: str, doubts: Doubts, *, sure: bool) -> int:
    if not each.unsure or sure:
        return each.seconds
    written = [f"{clock(at):%H:%M}" for at in (each.seconds, each.seconds + _NOON * 3600)]
    later = each.prefer_later
    doubts.append(Ambiguity(words, written[later], (written[later], written[not later])))
    return each.seconds + later * _NOON * 3600


def other_half(seconds: int) -> int:
    """Return the time of day twelve hours away."""
    return (seconds + _NOON * 3600) % 86400


def of_dates(words: str, chosen: date, *others: date) -> Ambiguity:
    """Return the doubt between two dates."""
    return Ambiguity(words, chosen.isoformat(), tuple(each.isoformat() for each in (chosen, *others)))
