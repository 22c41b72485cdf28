"""When a reminder runs next after the dates that its schedule heeds have changed."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from schedules.base import Stored
from schedules.everywhere import Everywhere, Opening
from schedules.schedule import Schedule

_SECOND: Final = timedelta(seconds=1)
# Farther than clocks are from each other.
_AROUND: Final = timedelta(days=3)


def replanned(old: Schedule, new: Schedule, stands: datetime | None, now: datetime) -> datetime | None:
    """Return the `next_run_at` under the new schedule of what stood at `stands` under the old one.

    What is due stays due. What a person skipped stays skipped, and what had ended begins again only if the change
    gave it something to come. All instants are aware.
    """
    if stands is None:
        coming = None if old.next(now) else new.next(now)
        return coming.at if coming else None
    if stands <= now:
        return stands
    skipped = old.latest(now, stands - _SECOND)
    coming = new.next(skipped.at if skipped else now)
    return coming.at if coming else None


def reopened(
    old: Stored, new: Stored, zones: Collection[str], next_local: datetime | None, now: datetime
) -> Opening | None:
    """Do the same on everybody's own clock, for what is not due anywhere yet; `next_local` stood under the old one.

    What has passed for somebody is not opened for them.
    """
    before, after = Everywhere(old, zones, now), Everywhere(new, zones, now)
    if next_local is None:
        return None if before.coming() else after.coming()
    # What is open already, or was skipped, lies before the local time that stood.
    behind = before.clock.latest(now - _AROUND, next_local.replace(tzinfo=UTC) - _SECOND)
    return after.coming(behind.at.replace(tzinfo=None) + _SECOND if behind else None)
