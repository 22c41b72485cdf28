"""An event that repeats: its rule is read and followed by the same code as any schedule of kind `rrule`."""

import re
from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from schedules.base import EARLIEST, ScheduleError
from schedules.icalendar.event import Event
from schedules.plan import MOST_COUNT, normalize
from schedules.schedule import Schedule
from schedules.zones import UnknownZone, zone

LONGEST: Final = 366
"""How many days an event may last that repeats."""
_WIDEST: Final = 20
"""The longest interval of a series from before 1970."""
_STEPS: Final = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": None, "YEARLY": None}
"""Days from one period to the next; months and years move by whole years."""
_MODERN: Final = datetime(1970, 1, 1)  # noqa: DTZ001  a wall clock
_UNTIL: Final = re.compile(r"UNTIL=(\d{8})(T\d{6}Z?)?")
_TICK: Final = timedelta(microseconds=1)


class Repeats:
    """The dates on which an event begins that has an RRULE."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.parts = dict(part.split("=", 1) for part in (event.rule or "").split(";") if "=" in part)
        if event.days > LONGEST:
            raise event.block.refuse("it repeats, but lasts longer than a year")

    @property
    def cost(self) -> int:
        """What preparing the rule costs, in steps: a count is walked through, and elapsed time is dear to search."""
        count = self.parts.get("COUNT", "0")
        # A greater one is refused before anything is walked.
        walked = int(count) if len(count) <= len(str(MOST_COUNT)) else 0
        return (20 if self.parts.get("FREQ") in _STEPS else 200) + min(walked, MOST_COUNT)

    def between(self, low: date, high: date) -> Iterator[date]:
        """Yield the dates from `low` to `high`, in order; raises InvalidFile for a rule that cannot be."""
        if self.event.first > high:
            return
        start = self._modern_start()
        if (until := self._until()) is not None and until < start.date():
            return
        schedule = self._schedule(start)
        place = zone(schedule.timezone)
        after = datetime.combine(low, time(), place).astimezone(UTC) - _TICK
        while (found := schedule.next(after)) and (day := found.local.date()) <= high:
            yield day
            # Once a day is enough, however often it comes within it.
            after = max(found.at, datetime.combine(day, time(23, 59, 59), place).astimezone(UTC))

    def _schedule(self, start: datetime) -> Schedule:
        rule, key = self.event.rule, self._zone(start)
        if not isinstance(self.event.start, datetime):
            # The end of a series of dates is a date as well, and counts to its last second.
            rule = _UNTIL.sub(r"UNTIL=\1T235959Z", rule or "")
        spec = {"kind": "rrule", "rrule": rule, "timezone": key, "starts_at": start.replace(tzinfo=None).isoformat()}
        try:
            return Schedule(normalize(spec, now=EARLIEST, timezone=key))
        except ScheduleError as error:
            message = f"its RRULE is not possible: {error.detail}"
            raise self.event.block.refuse(message) from error

    @staticmethod
    def _zone(start: datetime) -> str:
        try:
            return zone(str(start.tzinfo)).key
        except UnknownZone:
            # Floating, or of a zone that only the file knows: its own wall clock is all that dates need.
            return "UTC"

    def _modern_start(self) -> datetime:
        """Return the start, or where it lies before 1970, one later on from which the rule says the same."""
        own = self.event.start
        start = own if isinstance(own, datetime) else datetime.combine(own, time())
        if start.year >= EARLIEST.year:
            return start
        interval, frequency = int(self.parts.get("INTERVAL", "1")), self.parts.get("FREQ")
        # A weekday that only the start tells must stay the same one.
        told = "BYWEEKNO" in self.parts and "BYDAY" not in self.parts
        if "COUNT" in self.parts or not 1 <= interval <= _WIDEST or frequency not in _STEPS or told:
            raise self.event.block.refuse("it repeats since before 1970; let it begin later")
        if (days := _STEPS[frequency]) is not None:
            step = timedelta(days=days * interval)
            return start + -((start.replace(tzinfo=None) - _MODERN) // step) * step
        later = (year for year in range(start.year, 2100, interval) if year >= EARLIEST.year)
        # A series that began on a 29 February goes on in the next year that has one.
        leap = (start.month, start.day) == (2, 29)
        return start.replace(year=next(year for year in later if not leap or isleap(year)))

    def _until(self) -> date | None:
        found = _UNTIL.match("UNTIL=" + self.parts.get("UNTIL", ""))
        return date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:])) if found else None
