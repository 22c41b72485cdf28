"""The dates of an iCalendar file, each with a name, between two limits."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Final

from schedules.icalendar.blocks import InvalidFile, cut
from schedules.icalendar.event import Event, read
from schedules.icalendar.repeats import Repeats

YEARS_BACK: Final = 2
YEARS_AHEAD: Final = 10
MOST_STEPS: Final = 20_000
"""What reading a file may cost, in dates looked at; more is no calendar of holidays."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileDates:
    """What a file brings."""

    dates: dict[date, str | None]
    """Dates with their names, in order; where events meet, the first one of the file gives the name."""
    skipped: int
    """Events that give no date: cancelled ones, and those outside of the limits."""


def window(today: date) -> tuple[date, date]:
    """Return the first and the last date that an import made on `today` takes."""
    return _in_year(today, today.year - YEARS_BACK), _in_year(today, today.year + YEARS_AHEAD)


def _in_year(day: date, year: int) -> date:
    # There is not a 29 February in every year.
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)  # noqa: PLR2004  February


def dates_of(content: bytes, *, today: date, zone: tzinfo) -> FileDates:
    """Read the dates of an iCalendar file.

    Instants in UTC are shown in `zone`; what repeats is followed from two years before `today` to ten years after.
    The work is bounded. Raises InvalidFile, which names line or event.
    """
    low, high = window(today)
    events = [read(block, zone) for block in cut(content)]
    replaced = _replaced(events)
    found: dict[date, str | None] = {}
    skipped, budget = 0, _Budget()
    for event in events:
        days = list(_days(event, low, high, replaced[event.uid], budget))
        for day in days:
            found.setdefault(day, event.name)
        skipped += not days
    return FileDates(dict(sorted(found.items())), skipped)


class _Budget:
    """Counts the steps that a file costs."""

    left = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Take steps; raises InvalidFile when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise InvalidFile("it has too many days, or repeats too much, to be read; import fewer or simpler events")


def _replaced(events: Sequence[Event]) -> defaultdict[str, set[date]]:
    """Return by `uid` the dates of a series for which another event stands in."""
    replaced: defaultdict[str, set[date]] = defaultdict(set)
    for event in events:
        if event.replaces is not None and event.uid:
            replaced[event.uid].add(event.replaces)
    return replaced


def _days(event: Event, low: date, high: date, replaced: set[date], budget: _Budget) -> Iterator[date]:
    """Yield the dates that an event covers between the limits, once per time that it takes place."""
    if event.cancelled:
        return
    for first in _firsts(event, low, high, budget):
        # Reckoned in numbers: the last date may lie beyond what a date can be.
        begins = max(first.toordinal(), low.toordinal())
        ends = min(first.toordinal() + event.days - 1, high.toordinal())
        budget.spend(max(ends - begins, 0) + 1)
        if first in event.without or (first in replaced and event.replaces is None):
            continue
        yield from map(date.fromordinal, range(begins, ends + 1))


def _firsts(event: Event, low: date, high: date, budget: _Budget) -> Iterator[date]:
    """Yield the dates on which an event begins, as far as they matter between the limits."""
    if event.rule is None:
        yield event.first
    else:
        since = max(low.toordinal() - event.days + 1, 1)
        repeats = Repeats(event)
        budget.spend(repeats.cost)
        yield from repeats.between(date.fromordinal(since), high)
    yield from event.added
