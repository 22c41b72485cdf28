"""Whether the start of a schedule must be said, and how."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.clock import ceil_second
from schedules import durations
from schedules.base import EARLIEST, RECIPIENT, Stored
from schedules.kinds import rule
from schedules.moments import instant
from schedules.words.moments import local, moment
from schedules.words.rrule import from_rule
from schedules.words.voice import Voice
from schedules.zones import zone

_TICK: Final = timedelta(microseconds=1)


def said_start(stored: Stored, now: datetime | None, voice: Voice) -> str | None:
    """Word the start of a recurring schedule, or return None where it need not be said."""
    place = zone("UTC" if stored["timezone"] == RECIPIENT else stored["timezone"])
    anchor = rule(stored).anchor(stored)
    if anchor == "moment":
        return None if now is not None and _is_default(stored, now) else moment(stored["starts_at"], stored, voice)
    begins = instant(stored["starts_at"], place) or EARLIEST
    if not (anchor or stored.get("count") or (now is not None and _is_missed(stored, now, begins, place))):
        return None
    asked = rule(stored)(stored, place)
    first = asked.next(max(begins, EARLIEST) - _TICK)
    wall = local(stored["starts_at"], stored["timezone"])
    # The time of day is said only where the first day has lost some of its times.
    if first is None or not asked.times:
        return moment(stored["starts_at"], stored, voice)
    if wall is not None and wall.date() == first.local.date():
        begins_at = min((at for at in asked.times if at >= wall.time()), default=min(asked.times))
        if begins_at > min(asked.times):
            return voice.moment(datetime.combine(wall.date(), begins_at))
    return voice.date(first.local)


def _is_default(stored: Stored, now: datetime) -> bool:
    if stored["kind"] != "interval":
        return False
    first = ceil_second(now.astimezone(UTC)) + durations.parse(stored["every"])
    return bool(datetime.fromisoformat(stored["starts_at"]) == first)


def _is_missed(stored: Stored, now: datetime, begins: datetime, place: ZoneInfo) -> bool:
    """Tell whether a sentence without the start would mean something else, or nothing that could be."""
    return _leaves_out(stored, now, place) if now < begins else _is_over(stored, now, place)


def _is_over(stored: Stored, now: datetime, place: ZoneInfo) -> bool:
    """Tell whether the rule has nothing left before its end, so that only what was added keeps it going."""
    if not (stored.get("ends_at") and stored.get("include")):
        return False
    coming, end = rule(stored)(stored, place).next(now), instant(stored["ends_at"], place, fold="second")
    return coming is None or (end is not None and coming.at > end)


def _leaves_out(stored: Stored, now: datetime, place: ZoneInfo) -> bool:
    """Tell whether something would come between `now` and the start, if there were no start."""
    if stored["kind"] != "rrule":
        coming = rule(stored)(stored, place).next(now)
        return coming is not None and coming.at < (instant(stored["starts_at"], place) or EARLIEST)
    pattern = from_rule(stored["rrule"], stored["starts_at"])
    wall = now.astimezone(place).replace(tzinfo=None) + _TICK
    coming_wall = next(pattern.walls(wall), None) if pattern else None
    return coming_wall is not None and coming_wall < datetime.fromisoformat(stored["starts_at"]).replace(tzinfo=None)
