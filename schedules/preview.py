"""What a schedule will do, computed by the same code that plans it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import iso
from schedules.base import Instant, Stored
from schedules.plan import load, normalize
from schedules.words.describe import describe

MOST = 100


def preview(
    spec: Stored,
    *,
    now: datetime,
    after: datetime | None,
    count: int,
    timezone: str,
    holiday_dates: Sequence[str] | None = None,
    locale: str = "en",
) -> dict[str, Any]:
    """Answer `POST /schedules/preview`: the sentence, and the occurrences strictly later than `after` (default now).

    The schedule is taken as it would be saved now, or at `after` where that lies in the past. `timezone` is the
    asker's own: what is meant for everybody is shown as they will see it. `holiday_dates` are those of the team
    calendar that `holidays` names; the sentence is in `locale`. Raises ScheduleError.
    """
    after = after or now
    since = min(now, after)
    stored = normalize(spec, now=since, timezone=timezone, holiday_dates=holiday_dates)
    occurrences = load(stored, timezone).upcoming(after, min(count, MOST))
    said = describe(stored, locale, now=since)
    return {"description": said, "occurrences": [show(instant) for instant in occurrences]}


def show(instant: Instant) -> dict[str, Any]:
    """Write one occurrence for the wire."""
    return {
        "at": iso(instant.at),
        "local": instant.local.isoformat(),
        "timezone": instant.timezone,
        "flags": list(instant.flags),
    }
