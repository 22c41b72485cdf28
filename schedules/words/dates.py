"""Lengths of time and lists, as every language takes them apart; nothing leans on the host's locale."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

_UNITS: Final = (("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def largest_unit(elapsed: timedelta) -> tuple[int, str]:
    """Return a duration in its largest whole unit: (90, "minute")."""
    seconds = int(elapsed.total_seconds())
    name, size = next((name, size) for name, size in _UNITS if seconds % size == 0)
    return seconds // size, name


def series(words: Sequence[str], last: str) -> str:
    """Join words as `a, b and c`, where `last` is the word for and."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def clock(at: datetime) -> str:
    """Write the time of day, with seconds only where there are some."""
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
