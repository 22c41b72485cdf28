"""Which dates a file brings."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from schedules.icalendar.dates import window
from tests.schedules.icalendar.files import EVE, TODAY, days, event, read

NEW_YORK = ZoneInfo("America/New_York")
WEEKLY = ("UID:w", "DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY;COUNT=3")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((EVE,), ["12-24"]),
        (("DTSTART:20261224",), ["12-24"]),
        ((EVE, "DTEND;VALUE=DATE:20261225"), ["12-24"]),
        ((EVE, "DTEND;VALUE=DATE:20261227"), ["12-24", "12-25", "12-26"]),
        ((EVE, "DTEND;VALUE=DATE:20261224"), ["12-24"]),
        ((EVE, "DURATION:P2D"), ["12-24", "12-25"]),
        ((EVE, "DURATION:PT0S"), ["12-24"]),
        (("DTSTART:20261224T100000", "DTEND:20261224T120000"), ["12-24"]),
        (("DTSTART:20261224T100000", "DTEND:20261226T000000"), ["12-24", "12-25"]),
        (("DTSTART:20261224T100000", "DTEND:20261226T000001"), ["12-24", "12-25", "12-26"]),
        (("DTSTART:20261224T220000", "DURATION:PT2H"), ["12-24"]),
        (("DTSTART:20261224T220000", "DURATION:PT3H"), ["12-24", "12-25"]),
        (("DTSTART;TZID=Asia/Tokyo:20261224T010000",), ["12-24"]),
        (("DTSTART;TZID=Our Own:20261224T010000",), ["12-24"]),
        (("DTSTART:20261224T233000Z",), ["12-25"]),
        (("DTSTART:20261224T230000Z", "DTEND:20261225T230000Z"), ["12-25"]),
        (("dtstart;value=date:20261224", "dtend;value=date:20261226"), ["12-24", "12-25"]),
        ((EVE, "STATUS:CANCELLED"), []),
        ((EVE, "RDATE;VALUE=DATE:20261226,20261228"), ["12-24", "12-26", "12-28"]),
    ],
)
def test_the_dates_that_an_event_covers(lines: tuple[str, ...], expected: list[str]) -> None:
    """Ends are exclusive; a clock time covers the dates that it touches; UTC is shown in the team's zone."""
    assert days(*lines) == expected


def test_utc_is_read_on_the_clocks_of_the_team() -> None:
    """What begins at 02:00 UTC is still on the day before in New York."""
    assert days("DTSTART:20261225T020000Z", zone=NEW_YORK) == ["12-24"]


def test_a_series_without_its_exceptions() -> None:
    """EXDATE takes away, a moved occurrence stands in for the one it replaces, a cancelled one goes."""
    assert days(*WEEKLY) == ["01-05", "01-12", "01-19"]
    assert days(*WEEKLY, "EXDATE;VALUE=DATE:20260112") == ["01-05", "01-19"]
    moved = event("UID:w", "RECURRENCE-ID;VALUE=DATE:20260112", "DTSTART;VALUE=DATE:20260113")
    gone = event("UID:w", "RECURRENCE-ID;VALUE=DATE:20260119", "DTSTART;VALUE=DATE:20260119", "STATUS:CANCELLED")
    found = read(event(*WEEKLY), moved, gone)
    assert list(found.dates) == [date(2026, 1, 5), date(2026, 1, 13)]
    assert found.skipped == 1


def test_a_series_of_several_days() -> None:
    """Each time that it takes place covers as many dates as the first, also those before the window."""
    found = days("DTSTART;VALUE=DATE:20201221", "DTEND;VALUE=DATE:20210103", "RRULE:FREQ=YEARLY")
    assert found[:3] == ["2024-12-21", "2024-12-22", "2024-12-23"]
    assert [day for day in found if day.startswith("01-") or "-" not in day[3:]][:2] == ["01-01", "01-02"]


def test_names_are_kept_short_and_clean() -> None:
    """Escapes are read, line breaks become blanks, and where two events meet the first one names the date."""
    first = event(EVE, "SUMMARY:Heilig\r\n abend\\, frei\\nab 12")
    found = read(first, event(EVE, "SUMMARY:Other"), event("DTSTART:20261225", "SUMMARY:" + "x" * 500))
    assert list(found.dates.values()) == ["Heiligabend, frei ab 12", "x" * 200]


def test_events_without_a_date_here_are_counted() -> None:
    """What is cancelled, or lies outside of two years back to ten years ahead, is skipped."""
    assert window(TODAY) == (date(2024, 11, 22), date(2036, 11, 22))
    assert window(date(2028, 2, 29)) == (date(2026, 2, 28), date(2038, 2, 28))
    edges = [f"DTSTART;VALUE=DATE:{day}" for day in ("20241121", "20241122", "20361122", "20361123")]
    found = read(*map(event, edges), event(EVE, "STATUS:CANCELLED"))
    assert (list(found.dates), found.skipped) == ([date(2024, 11, 22), date(2036, 11, 22)], 3)


def test_a_span_is_cut_at_the_window() -> None:
    """An event of a century covers the window and no more."""
    found = read(event("DTSTART;VALUE=DATE:19700101", "DTEND;VALUE=DATE:21000101")).dates
    assert (min(found), max(found), len(found)) == (date(2024, 11, 22), date(2036, 11, 22), 4384)
