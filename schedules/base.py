"""What a schedule is made of: instants, rules, and the error that says what would be right."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from core.errors import Invalid

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Schedules live between these two; a rule whose next occurrence lies later has none."""

Stored = Mapping[str, Any]
"""The canonical, JSON-able form of a schedule, as `plan.save` returns it."""


class ScheduleError(Invalid):
    """A schedule is not possible.

    `reason` is one of `invalid_schedule`, `unknown_timezone`, `timezone_required`, `never_matches`, `too_frequent`,
    `in_the_past`, `end_before_start`, `out_of_range` and `not_available_yet`; `field` begins with `schedule.`.
    """

    code: ClassVar[str] = "invalid_schedule"


@dataclass(frozen=True, slots=True)
class Instant:
    """One occurrence: when it is, and how a clock on the wall shows it there."""

    at: datetime
    """Aware, UTC, a whole second."""
    local: datetime
    """The same instant in the schedule's zone."""
    timezone: str
    flags: tuple[str, ...] = ()
    """`dst_gap`: the local time did not exist and the first valid instant stands in; `dst_fold`: it comes twice."""


def stamp(at: datetime, zone: ZoneInfo, *flags: str) -> Instant:
    """Show an aware UTC instant in a zone."""
    return Instant(at, at.astimezone(zone), zone.key, flags)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule may lean on while a new schedule is checked."""

    now: datetime
    timezone: str
    """The zone that holds: the schedule's own, or that of its team."""
    has_zone: bool
    """Whether the schedule names its zone itself; only then may its date-times be local."""


class Rule(ABC):
    """One kind of schedule; a module in `schedules/rules` offers its class as `RULE`.

    A rule knows nothing of `starts_at`, `ends_at` and `count`: the plan bounds it. It must be cheap to ask
    and may be shared between threads.
    """

    kind: ClassVar[str]
    fields: ClassVar[frozenset[str]]
    """The names it takes beside `kind`, `timezone`, `ends_at` and `count`."""

    @classmethod
    @abstractmethod
    def clean(cls, spec: Stored, draft: Draft) -> dict[str, Any]:
        """Check this kind's own fields and return them in canonical form; raises ScheduleError."""

    @abstractmethod
    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        """Prepare whatever makes `next` cheap."""

    @abstractmethod
    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence strictly later than `after` (aware, UTC), or None."""

    @classmethod
    @abstractmethod
    def describe(cls, stored: Stored) -> str:
        """Say the rule in English, without zone and end."""

    def nth(self, after: datetime, n: int) -> Instant | None:
        """Return the n-th occurrence later than `after`, or the last one where there are fewer."""
        found = None
        for _ in range(n):
            coming = self.next(after if found is None else found.at)
            if coming is None:
                break
            found = coming
        return found

    def tally(self, after: datetime, until: datetime) -> int:
        """Count the occurrences in (after, until]; a rule that can do so without walking overrides this."""
        total = 0
        while (found := self.next(after)) and found.at <= until:
            total += 1
            after = found.at
        return total
