"""Date-times as text: aware, or local where the schedule names its zone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import ceil_second, iso, to_utc
from schedules import zones
from schedules.base import EARLIEST, LATEST, Draft, ScheduleError
from schedules.walls import gap_end, place

_SHAPE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?", re.ASCII
)


def read(text: object, field: str, draft: Draft, *, up: bool = True) -> datetime:
    """Read a date-time (an aware one in UTC, a local one naive), rounded up (or down) to a whole second.

    Raises ScheduleError where it is neither, is local though the schedule names no zone, or lies outside 1970-2200.
    """
    name = f"schedule.{field}"
    shaped = text.strip().upper() if isinstance(text, str) and len(text) <= 40 else ""  # noqa: PLR2004  any date-time is shorter
    try:
        at = datetime.fromisoformat(shaped) if _SHAPE.fullmatch(shaped) else None
    except ValueError:
        at = None
    if at is None:
        message = "write a date-time such as 2026-11-27T16:00:00Z, or 2026-11-27T16:00:00 together with `timezone`"
        raise ScheduleError(message, field=name)
    # The outermost years are refused before any conversion, which would overflow there.
    if not EARLIEST.year <= at.year <= LATEST.year:
        message = "dates lie between 1970 and 2200"
        raise ScheduleError(message, field=name, code="out_of_range")
    at = ceil_second(at) if up else at.replace(microsecond=0)
    if at.tzinfo is not None:
        if draft.recipient:
            message = "everybody has it at their own local time: leave the offset (or Z) out"
            raise ScheduleError(message, field=name)
        return to_utc(at)
    if not draft.has_zone:
        message = "a local date-time needs `timezone` beside it; or add an offset, such as Z or +01:00"
        raise ScheduleError(message, field=name, code="timezone_required")
    return at


def write(at: datetime) -> str:
    """Write an aware date-time with `Z`, and a naive one without offset."""
    return at.isoformat() if at.tzinfo is None else iso(at)


def instant(text: str, zone: ZoneInfo, fold: str = "first") -> datetime | None:
    """Return the instant (UTC) that a canonical text means; None for a local time on a date that the zone left out.

    A local time in a gap means the end of the gap.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is not None:
        return to_utc(at)
    placed = place(at, zone, fold=fold)
    return placed[0].at if placed else None


def starting(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant from which a start holds, also on a date that the zone left out."""
    at = instant(text, zone)
    return at if at is not None else gap_end(datetime.fromisoformat(text), zone)


def ending(text: str, zone: ZoneInfo, fold: str) -> datetime:
    """Return the instant up to which an inclusive end reaches, also on a date that the zone left out."""
    at = instant(text, zone, fold)
    return at if at is not None else gap_end(datetime.fromisoformat(text), zone) - timedelta(seconds=1)


def default(at: datetime, draft: Draft) -> datetime:
    """Return the instant at which a schedule without `starts_at` begins, in whole seconds.

    For everybody's own time it is what clocks show in the draft's zone, so that all zones count the same occurrences.
    """
    at = at.replace(microsecond=0)
    return at.astimezone(zones.zone(draft.timezone)).replace(tzinfo=None, fold=0) if draft.recipient else at
