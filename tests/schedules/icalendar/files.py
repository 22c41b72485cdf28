"""iCalendar files as tests write them."""

from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from schedules.icalendar.dates import FileDates, dates_of

TODAY = date(2026, 11, 22)
BERLIN = ZoneInfo("Europe/Berlin")
EVE = "DTSTART;VALUE=DATE:20261224"


def event(*lines: str) -> str:
    """Return one event."""
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def file_of(*events: str) -> bytes:
    """Return a file of events."""
    return "".join(["BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", *events, "END:VCALENDAR\r\n"]).encode()


def read(*events: str, zone: tzinfo = BERLIN) -> FileDates:
    """Return what a file brings in autumn 2026."""
    return dates_of(file_of(*events), today=TODAY, zone=zone)


def days(*lines: str, zone: tzinfo = BERLIN) -> list[str]:
    """Return the dates of one event, as `12-24` where they lie in 2026."""
    found = read(event(*lines), zone=zone).dates
    return [day.isoformat().removeprefix("2026-") for day in found]
