"""What becomes of occurrences that fell due while nobody was looking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from schedules.schedule import Schedule

CatchUp = Literal["latest", "all", "skip"]
Reason = Literal["coalesced", "too_late"]

PUNCTUAL: Final = timedelta(seconds=60)
"""With `skip`, what is at most this late still counts as on time: a healthy sweep is never later."""
LATEST_BY_DEFAULT: Final = timedelta(hours=24)
MOST_FIRED: Final = 10
MOST_LISTED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Firing:
    """What a claim does with one reminder that is due."""

    fires: tuple[datetime, ...]
    """Occurrences to deliver, oldest first: at most one, or ten with `all`."""
    expired: list[tuple[datetime, Reason]]
    """Occurrences to write down as missed, oldest first; never more than `MOST_LISTED`, the oldest ones."""
    next_run_at: datetime | None
    """The first occurrence later than now; None ends the reminder."""
    missed: int
    """All that do not fire, also those that are not listed; beyond the list, cron is counted to within the few
    occurrences that daylight saving takes or gives."""

    @property
    def fire(self) -> datetime | None:
        """The latest occurrence to deliver, or None."""
        return self.fires[-1] if self.fires else None


def firing(
    schedule: Schedule, due_at: datetime, now: datetime, *, catch_up: CatchUp, max_lateness: timedelta | None
) -> Firing:
    """Decide about a reminder whose `next_run_at` is `due_at` (≤ `now`).

    `due_at` counts as an occurrence whatever the rule says. `max_lateness` None means: a `once` is delivered however
    late, anything else up to 24 hours late, and unless `all` is asked for up to half the interval to the next one.
    The work is bounded, however long nobody looked.
    """
    walked = [due_at]
    while len(walked) <= MOST_LISTED and (coming := schedule.next(walked[-1])) and coming.at <= now:
        walked.append(coming.at)
    complete = len(walked) <= MOST_LISTED
    recent = walked[-MOST_FIRED:] if complete else _recent(schedule, walked[-1], now)
    coming = schedule.next(now)
    next_run_at = coming.at if coming else None
    most = limit(schedule, recent[-1], next_run_at, catch_up, max_lateness)
    candidates = recent if catch_up == "all" else recent[-1:]
    fires = tuple(at for at in candidates if now - at <= most)
    # What is left out only to spare people a flood is coalesced; where nothing fires, lateness was the reason.
    reason: Reason = "coalesced" if fires and catch_up != "skip" else "too_late"
    expired: list[tuple[datetime, Reason]] = [
        (at, "too_late" if at in candidates else reason) for at in walked[:MOST_LISTED] if at not in fires
    ]
    total = len(walked) if complete else len(walked) + schedule.tally(walked[-1], now)
    return Firing(fires, expired, next_run_at, total - len(fires))


def limit(
    schedule: Schedule, last: datetime, coming: datetime | None, catch_up: CatchUp, asked: timedelta | None
) -> timedelta:
    """Return how late the last occurrence may be; `coming` is the one after it, both aware or both local."""
    if catch_up == "skip":
        return min(PUNCTUAL, asked if asked is not None else PUNCTUAL)
    if asked is not None:
        return asked
    if schedule.kind == "once":
        return timedelta.max
    if catch_up == "all" or coming is None:
        return LATEST_BY_DEFAULT
    return min(LATEST_BY_DEFAULT, (coming - last) / 2)


def _recent(schedule: Schedule, after: datetime, now: datetime) -> list[datetime]:
    """Return the last few occurrences in [after, now], oldest first, without walking there."""
    found: list[datetime] = []
    while len(found) < MOST_FIRED and (last := schedule.latest(after, now)):
        found.insert(0, last.at)
        now = last.at - timedelta(seconds=1)
    return found or [after]
