"""One local time for everybody: the occurrences of a schedule whose zone is `recipient`.

Such an occurrence is a naive local time, the same for all; each zone reaches it at an instant of its own. Zones on
different dates reach the local times in the same order, but not at the same pace, so “what is due” is asked of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from core.clock import SECOND
from schedules import plan, walls
from schedules.base import EARLIEST, RECIPIENT, Stored
from schedules.zones import UnknownZone, zone

# More than any change of a zone's clocks that does not leave out a date.
_MARGIN: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Opening:
    """When the next occurrence is to be opened, which local time it stands for, and whose clocks reach it first."""

    at: datetime
    local: datetime
    zone: str


def is_everybodys(stored: Stored) -> bool:
    """Say whether a schedule is meant in each recipient's own zone."""
    return stored.get("timezone") == RECIPIENT


class Everywhere:
    """A stored schedule on the clocks of some zones; instants up to `since` (None: none) are no part of it."""

    def __init__(self, stored: Stored, zones: Iterable[str], since: datetime | None = None) -> None:
        # A zone without gaps and folds shows the bare local times.
        self.clock = plan.load(stored, "UTC")
        self.zones = tuple(sorted(set(zones)))
        self.since = since
        self._policy: tuple[str, str] = (stored.get("dst_gap", "next_valid"), stored.get("dst_fold", "first"))

    def next(self, local: datetime) -> datetime | None:
        """Return the first local time of the schedule later than this one, both naive."""
        found = self.clock.next(local.replace(tzinfo=UTC))
        return found.at.replace(tzinfo=None) if found else None

    def all_due(self, local: datetime, name: str) -> tuple[datetime, ...]:
        """Return the instants (UTC) at which a local time of the schedule is due in a zone, also those before `since`.

        None where its date is missing there, where daylight saving leaves it out, and where it meets an earlier one;
        two with `dst_fold: both`.
        """
        at, gap = _placed(local, name, *self._policy)
        return at[1:] if gap and self._is_taken(at[0], gap, local, name) else at

    def due(self, local: datetime, name: str) -> tuple[datetime, ...]:
        """Return those of `all_due` that belong to the plan."""
        return tuple(at for at in self.all_due(local, name) if self.since is None or at > self.since)

    def _is_taken(self, at: datetime, gap: datetime, local: datetime, name: str) -> bool:
        """Say whether an earlier local time, from where the gap begins, has come to the same instant."""
        earlier = self.next(gap - SECOND)
        while earlier and earlier < local:
            if _placed(earlier, name, *self._policy)[0][:1] == (at,):
                return True
            earlier = self.next(earlier)
        return False

    def first(self, least: datetime | None = None) -> datetime | None:
        """Return the first local time, at or after `least`, that still lies before somebody."""
        starts = [] if least is None else [least]
        if self.since is not None and self.zones:
            starts.append(min(_wall(self.since, name) for name in self.zones) - _MARGIN)
        local = self.next(max(starts, default=EARLIEST.replace(tzinfo=None)) - SECOND)
        while local and self.since is not None and not any(self.due(local, name) for name in self.zones):
            local = self.next(local)
        return local

    def opening(self, local: datetime | None) -> Opening | None:
        """Return when a local time of the schedule is to be opened: as soon as it, or any later one, is due."""
        if local is None:
            return None
        reached = filter(None, (self._reached(local, name) for name in self.zones))
        return min((Opening(at, local, name) for at, name in reached), key=_when, default=None)

    def _reached(self, local: datetime, name: str) -> tuple[datetime, str] | None:
        coming: datetime | None = local
        while coming:
            if due := self.due(coming, name):
                return due[0], name
            if self.since is not None and self.all_due(coming, name):
                # Behind this zone already; what is not begins where its clocks stood then.
                coming = max(coming, _wall(self.since, name) - _MARGIN)
            coming = self.next(coming)
        return None

    def coming(self, least: datetime | None = None) -> Opening | None:
        """Return the next opening, of a local time at or after `least`; None when nothing is to come."""
        return self.opening(self.first(least))


def on_clock(at: datetime, name: str) -> datetime:
    """Show an instant on the clock of a zone; of a zone that is no longer known, in UTC."""
    return at.astimezone(_zone(name))


def _when(opening: Opening) -> tuple[datetime, str]:
    return opening.at, opening.zone


def _wall(at: datetime, name: str) -> datetime:
    return on_clock(at, name).replace(tzinfo=None, fold=0)


def _zone(name: str) -> ZoneInfo:
    try:
        return zone(name)
    except UnknownZone:
        # A name that the zone data has dropped must not hold up everybody else's reminder.
        return zone("UTC")


@lru_cache(maxsize=65536)
def _placed(local: datetime, name: str, gap: str, fold: str) -> tuple[tuple[datetime, ...], datetime | None]:
    """Return the instants of a local time, and where the gap began whose end is the first of them."""
    place = _zone(name)
    at = tuple(instant.at for instant in walls.place(local, place, gap, fold))
    if not at:
        return at, None
    before, after = (at[0] - SECOND).astimezone(place), at[0].astimezone(place)
    begins = before.replace(tzinfo=None, fold=0) + SECOND
    return at, begins if begins < after.replace(tzinfo=None) else None
