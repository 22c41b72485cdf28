"""One event of an iCalendar file: when it begins, how many days it covers, how it repeats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from schedules.icalendar.blocks import Block, InvalidFile

LONGEST_NAME: Final = 200
_DAY: Final = timedelta(days=1)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Event:
    """What an event says about dates."""

    block: Block
    uid: str
    name: str | None
    start: date | datetime
    """As written; a naive or foreign local time keeps its date, UTC is shown in the zone of the team."""
    days: int
    """How many dates it covers, one at the least."""
    rule: str | None
    added: tuple[date, ...]
    without: frozenset[date]
    replaces: date | None
    """The date on which it stands in for one occurrence of a series with its `uid`."""
    cancelled: bool

    @property
    def first(self) -> date:
        """Its first date."""
        return _date_of(self.start)


def read(block: Block, zone: tzinfo) -> Event:
    """Read one event; instants in UTC are shown in `zone`. Raises InvalidFile with the event's place."""
    try:
        return _Reader(block, zone).event()
    except InvalidFile:
        raise
    # The library's own errors are ValueErrors and repeat what was sent; the others it lets pass.
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise block.refuse("one of its dates, durations or rules cannot be read") from error


class _Reader:
    """Reads one event with the library, and names what is wrong with it."""

    def __init__(self, block: Block, zone: tzinfo) -> None:
        # It costs 150 ms, and few processes ever read a file.
        import icalendar  # noqa: PLC0415  see above

        self.block = block
        self.zone = zone
        self.found: Any = icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *block.lines, "END:VEVENT", ""]))
        for name, _ in self.found.errors:
            message = f"its {name or 'content'} cannot be read"
            raise block.refuse(message)

    def event(self) -> Event:
        """Put the event together."""
        start = self._moment("DTSTART")
        if start is None:
            raise self.block.refuse("it has no DTSTART")
        if "EXRULE" in self.found:
            raise self.block.refuse("EXRULE was withdrawn from iCalendar; list the dates with EXDATE")
        replaces = self._moment("RECURRENCE-ID")
        rule = self._single("RRULE")
        return Event(
            block=self.block,
            uid=str(self._single("UID") or ""),
            name=_name(self.found.get("SUMMARY")),
            start=start,
            days=self._days(start),
            rule=rule.to_ical().decode() if rule is not None and replaces is None else None,
            added=tuple(_date_of(each) for each in self._all("RDATE")),
            without=frozenset(_date_of(each) for each in self._all("EXDATE")),
            replaces=None if replaces is None else _date_of(replaces),
            cancelled=str(self._single("STATUS") or "").strip().upper() == "CANCELLED",
        )

    def _single(self, name: str) -> Any:  # noqa: ANN401  the library has a type per property
        value = self.found.get(name)
        if isinstance(value, list):
            message = f"it has {name} more than once"
            raise self.block.refuse(message)
        return value

    def _moment(self, name: str) -> date | datetime | None:
        value = self._single(name)
        if value is None:
            return None
        return self._shown(name, value.dt)

    def _shown(self, name: str, moment: object) -> date | datetime:
        """Show an instant in UTC on the clocks of the team; what names its own zone, or none, stands as it is."""
        if not isinstance(moment, date):
            message = f"its {name} is neither a date nor a date-time"
            raise self.block.refuse(message)
        if isinstance(moment, datetime) and str(moment.tzinfo) == "UTC":
            return moment.astimezone(self.zone)
        return moment

    def _all(self, name: str) -> Iterable[date | datetime]:
        lists = self.found.get(name, [])
        for each in lists if isinstance(lists, list) else [lists]:
            for value in each.dts:
                # A period begins where its first part says.
                yield self._shown(name, value.dt[0] if isinstance(value.dt, tuple) else value.dt)

    def _days(self, start: date | datetime) -> int:
        end = self._moment("DTEND")
        lasts = self._single("DURATION")
        if end is not None and lasts is not None:
            raise self.block.refuse("it has both DTEND and DURATION")
        if lasts is not None:
            return self._of_duration(start, lasts.dt)
        if end is None:
            return 1
        # The end is exclusive, and an event without extent is on its date all the same.
        last = _date_of(end) if _at_time(end) else _date_of(end) - _DAY
        if _date_of(end) < _date_of(start):
            raise self.block.refuse("it ends before it begins")
        return max((last - _date_of(start)).days, 0) + 1

    def _of_duration(self, start: date | datetime, lasts: object) -> int:
        if not isinstance(lasts, timedelta) or lasts < timedelta(0):
            raise self.block.refuse("its DURATION is no length of time")
        clock = timedelta(0)
        if isinstance(start, datetime):
            clock = timedelta(hours=start.hour, minutes=start.minute, seconds=start.second)
        return max(clock + lasts - _TICK, timedelta(0)) // _DAY + 1


def _at_time(end: date | datetime) -> bool:
    """Whether an end lies within its date, rather than at the midnight with which that begins."""
    return isinstance(end, datetime) and (end.hour, end.minute, end.second) != (0, 0, 0)


def _date_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _name(summary: object) -> str | None:
    text = str(summary[0] if isinstance(summary, list) else summary or "")
    clean = " ".join("".join(each if each.isprintable() else " " for each in text[: 10 * LONGEST_NAME]).split())
    return clean[:LONGEST_NAME].strip() or None
