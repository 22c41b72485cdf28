"""What a schedule will do, computed by the same code that plans it."""

from datetime import datetime
from typing import Any

from core.clock import iso
from schedules.base import Instant, Stored
from schedules.plan import load, normalize
from schedules.words.describe import describe

MOST = 100


def preview(spec: Stored, *, now: datetime, after: datetime | None, count: int, timezone: str) -> dict[str, Any]:
    """Answer `POST /schedules/preview`: the sentence, and the occurrences strictly later than `after` (default now).

    The schedule is taken as it would be saved now, or at `after` where that lies in the past. Raises ScheduleError.
    """
    after = after or now
    stored = normalize(spec, now=min(now, after), timezone=timezone)
    occurrences = load(stored).upcoming(after, min(count, MOST))
    return {"description": describe(stored), "occurrences": [show(instant) for instant in occurrences]}


def show(instant: Instant) -> dict[str, Any]:
    """Write one occurrence for the wire."""
    return {
        "at": iso(instant.at),
        "local": instant.local.isoformat(),
        "timezone": instant.timezone,
        "flags": list(instant.flags),
    }
