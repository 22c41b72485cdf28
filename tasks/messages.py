"""From the row of a claimed delivery to what its channel is to say."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from channels.base import Message
from schedules.zones import UnknownZone, zone

# Later than this, the message says when it was due.
LATE = timedelta(minutes=5)


@lru_cache(maxsize=4096)
def local_time(at: datetime, timezone: str) -> str:
    """Write an instant as its reader's clock shows it: `Fri 27 Nov 2026, 16:00 (Europe/Berlin)`."""
    try:
        local = at.astimezone(zone(timezone))
    except UnknownZone:
        local, timezone = at, "UTC"
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %Y}, {clock} ({timezone})"


def _notice(row: Row[Any], due_local: str) -> str | None:
    parts = []
    if row.occurrence_reason == "no_recipient":
        parts.append("Nobody else could be reached; you get this because you created it.")
    if row.started_at - row.due_at > LATE:
        parts.append(f"This is late: it was due on {due_local}.")
    if row.missed:
        parts.append("1 earlier one was missed." if row.missed == 1 else f"{row.missed} earlier ones were missed.")
    return " ".join(parts) or None


def render(row: Row[Any]) -> Message:
    """Return the message of a claimed delivery; it says so when it is late or stands for missed ones."""
    due_local = local_time(row.due_at, row.timezone)
    return Message(
        delivery_id=str(row.id),
        title=row.message,
        body=row.notes,
        team=row.team_name,
        due_at=row.due_at,
        due_local=due_local,
        notice=_notice(row, due_local),
        sent_at=row.started_at,
    )
