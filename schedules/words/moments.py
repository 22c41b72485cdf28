"""Date-times of a schedule in words, on its own clocks; an instant that those show twice is written out."""

from datetime import UTC, datetime
from typing import Final

from schedules.walls import passes
from schedules.words.dates import clock
from schedules.words.voice import Stored, Voice
from schedules.zones import zone

DAY_END: Final = "23:59:59"
"""An end at this time is an end with the day."""
_RECIPIENT: Final = "recipient"


def local(text: str, timezone: str) -> datetime | None:
    """Return a canonical date-time as a naive local one; None where that would mean another instant."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        return at
    if timezone == _RECIPIENT:
        return None
    place = zone(timezone)
    wall = at.astimezone(place).replace(tzinfo=None, fold=0)
    return wall if passes(wall, place) == (at.astimezone(UTC),) else None


def moment(text: str, stored: Stored, voice: Voice) -> str:
    """Word a canonical date-time as `Fri 27 Nov 2026 at 16:00`."""
    wall = local(text, stored["timezone"])
    return text if wall is None else voice.moment(wall)


def end(text: str, stored: Stored, voice: Voice) -> str:
    """Word an inclusive end: `Fri 27 Nov 2026` where it is the end of that day."""
    wall = local(text, stored["timezone"])
    if wall is None:
        return text
    return voice.date(wall) if clock(wall) == DAY_END else voice.moment(wall)


def day_or_moment(text: str, stored: Stored, voice: Voice) -> str:
    """Word what is excluded or included, a date or a date-time."""
    return voice.date(datetime.fromisoformat(text)) if len(text) == len("2026-11-27") else moment(text, stored, voice)
