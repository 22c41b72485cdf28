"""What a schedule is made of: instants, rules, and the error that says what would be right."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from core.errors import Invalid
from schedules.words.voice import Voice

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Schedules live between these two; a rule whose next occurrence lies later has none."""

Stored = Mapping[str, Any]
"""The canonical, JSON-able form of a schedule, as `plan.save` returns it."""
Anchor = Literal["day", "moment"]
RECIPIENT: Final = "recipient"
"""Stands in a schedule's `timezone` for “everybody at their own local time”."""


class ScheduleError(Invalid):
    """A schedule is not possible.

    `code` is one of `invalid_schedule`, `unknown_timezone`, `timezone_required`, `never_matches`, `too_frequent`,
    `in_the_past`, `end_before_start` and `out_of_range`; `field` begins with `schedule.`.
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
    """`dst_gap`: the local time did not exist and the first valid instant stands in; `dst_fold`: it comes twice;
    `holiday_moved`: it was moved here from a holiday."""


def stamp(at: datetime, zone: ZoneInfo, *flags: str) -> Instant:
    """Show an aware UTC instant in a zone."""
    return Instant(at, at.astimezone(zone), zone.key, flags)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule may lean on while a new schedule is checked."""

    now: datetime
    timezone: str
    """The zone that holds: the schedule's own, or that of its team, also with `recipient`."""
    has_zone: bool
    """Whether the schedule names its zone itself; only then may its date-times be local."""
    recipient: bool = False
    """Whether it is meant in everybody's own zone; its date-times must then be local."""

    def check_zone(self) -> None:
        """Refuse everybody's own zone, for rules that keep no local time of day; raises ScheduleError."""
        if self.recipient:
            message = "only fixed local times of day can be everybody's own; name a zone such as Europe/Berlin"
            raise ScheduleError(message, field="schedule.timezone")


class Rule(ABC):
    """One kind of schedule; a module in `schedules/rules` offers its class as `RULE`.

    A rule knows nothing of what all kinds take: `Schedule` bounds it, and puts exclusions, holidays and inclusions
    around it. It must be cheap to ask and may be shared between threads.
    """

    kind: ClassVar[str]
    fields: ClassVar[frozenset[str]]
    """The names it takes beside those that all kinds take (`schedules.kinds.COMMON_FIELDS`)."""

    @classmethod
    @abstractmethod
    def clean(cls, spec: Stored, draft: Draft) -> dict[str, Any]:
        """Check this kind's own fields and return them in canonical form; raises ScheduleError."""

    @abstractmethod
    def __init__(self, stored: Stored, zone: ZoneInfo) -> None:
        """Prepare whatever makes `next` cheap."""

    @property
    def times(self) -> tuple[time, ...]:
        """The local times of day at which it may run.

        A rule without any follows elapsed time or the running clock.
        """
        return ()

    @abstractmethod
    def next(self, after: datetime) -> Instant | None:
        """Return the first occurrence strictly later than `after` (aware, UTC), or None."""

    @classmethod
    @abstractmethod
    def describe(cls, stored: Stored, voice: Voice) -> str:
        """Say the rule in a language, without zone, start and end."""

    @classmethod
    def anchor(cls, stored: Stored) -> Anchor | None:  # noqa: ARG003  for those that override it
        """Tell how much of the start shapes all that follows; None where it only cuts off what lies before it."""
        return None

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
