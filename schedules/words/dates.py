"""Moments and lengths of time in English, without leaning on the host's locale."""

from datetime import datetime, timedelta

from schedules.zones import zone

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNITS = (("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def moment(text: str, timezone: str) -> str:
    """Word a canonical date-time as `Fri 27 Nov 2026 at 16:00`, on the clocks of the zone."""
    at = datetime.fromisoformat(text)
    local = at if at.tzinfo is None else at.astimezone(zone(timezone))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{DAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1][:3]} {local.year} at {clock}"


def length(elapsed: timedelta) -> str:
    """Word a duration in its largest whole unit: `90 minutes`, `2 weeks`, and `hour` for one of them."""
    seconds = int(elapsed.total_seconds())
    name, size = next((name, size) for name, size in _UNITS if seconds % size == 0)
    return name if seconds == size else f"{seconds // size} {name}s"


def series(words: list[str]) -> str:
    """Join words as `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
