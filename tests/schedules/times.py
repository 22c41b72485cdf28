"""What the tests of schedules say often: an instant from text, a schedule as the API would save it."""

from datetime import datetime
from typing import Any

from core.clock import iso
from schedules import plan
from schedules.base import Instant
from schedules.schedule import Schedule

NOW = "2026-11-22T12:00:00Z"


def utc(text: str) -> datetime:
    """Read an aware date-time."""
    return datetime.fromisoformat(text)


def saved(*, now: str = NOW, zone: str = "Europe/Berlin", **spec: Any) -> dict[str, Any]:
    """Save a schedule as a member of a team in that zone would."""
    return plan.save(spec, now=utc(now), timezone=zone)


def schedule(*, now: str = NOW, zone: str = "Europe/Berlin", **spec: Any) -> Schedule:
    """Save a schedule and load it, as a claim does."""
    return plan.load(saved(now=now, zone=zone, **spec))


def instants(found: list[Instant]) -> list[str]:
    """Write occurrences as RFC 3339 in UTC."""
    return [iso(instant.at) for instant in found]


def clocks(found: list[Instant]) -> list[str]:
    """Write occurrences as the clock on the wall shows them, with offset and flags."""
    return [" ".join([f"{i.local:%m-%d %H:%M%z}", *i.flags]) for i in found]
