"""Files that are none are refused with the line, and hostile ones in bounded time."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.icalendar.blocks import InvalidFile
from schedules.icalendar.dates import dates_of
from tests.schedules.icalendar.files import BERLIN, EVE, TODAY, event, file_of

CLOCKS = "BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\nEND:STANDARD"
ZONE = f"BEGIN:VTIMEZONE\nTZID:X\n{CLOCKS}\nEND:VTIMEZONE\n"


def found(content: bytes) -> list[date]:
    """Return the dates of a file."""
    return list(dates_of(content, today=TODAY, zone=BERLIN).dates)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: BEGIN:VCALENDAR is missing"),
        (b"\xff\xfe\x00garbage", "line 1: the file is not in UTF-8"),
        (b"<html>\n<p>Sign in</p>", "line 1: this is no line"),
        (b"BEGIN:VEVENT\nEND:VEVENT", "line 1: a calendar begins with"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "line 3: this END closes nothing"),
        (b"BEGIN:VCALENDAR\nVERSION:2.0", "line 2: END is missing"),
        (b"BEGIN:VCALENDAR\nSUMMARY:a\x00b\nEND:VCALENDAR", "line 2: NUL"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\nVERSION:2.0", "line 3: a calendar begins with"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 30_000, "line 11: parts are nested too deeply"),
        (file_of(event(EVE), event("SUMMARY:x")), "event 2, line 6: it has no DTSTART"),
        (file_of(event("DTSTART:20260230")), "event 1, line 3: its DTSTART cannot be read"),
        (file_of(event("SUMMARY;x")), "event 1, line 3: its content cannot"),
        (file_of(event("DTSTART:99991231T235900Z")), "event 1, line 3: one of its dates"),
        (file_of(event("DTSTART:PT5M")), "event 1, line 3: its DTSTART is neither"),
        (file_of(event(EVE, EVE)), "event 1, line 3: it has DTSTART more than once"),
        (file_of(event(EVE, "DTEND;VALUE=DATE:20261220")), "event 1, line 3: it ends before it begins"),
        (file_of(event(EVE, "DURATION:-P1D")), "event 1, line 3: its DURATION"),
        (file_of(event(EVE, "DURATION:P99999999999999999D")), "event 1, line 3: its DURATION cannot"),
        (file_of(event(EVE, "DURATION:P1D", "DTEND:20261225")), "event 1, line 3: it has both"),
        (file_of(event(EVE, "RECURRENCE-ID:nonsense")), "event 1, line 3: its RECURRENCE-ID"),
        (file_of(event(EVE) * 2001), "it has 2001 events"),
    ],
)
def test_what_is_no_calendar_is_named(content: bytes, told: str) -> None:
    """Line or event, and what is wrong with it; nothing of what was sent is repeated."""
    with pytest.raises(InvalidFile, match=told) as refused:
        found(content)
    assert (refused.value.field, refused.value.code) == ("body", "invalid_calendar")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_ends_marks_and_what_is_beside_the_point(ending: str) -> None:
    """Any line end, a byte order mark, alarms, unknown parts and zones of the file's own are no obstacle."""
    alarm = "BEGIN:VALARM\nTRIGGER:-PT15M\nDTSTART:nonsense\nEND:VALARM"
    text = file_of(ZONE, "X-WR-CALNAME:x\n\n", event(EVE, alarm, "X-NOTE;X=Y:z")).decode()
    content = b"\xef\xbb\xbf" + text.replace("\r\n", "\n").replace("\n", ending).encode()
    assert found(content) == [date(2026, 12, 24)]


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY"],
        ["DTSTART:20200101T000000", "RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"],
        ["DTSTART:19700101T000000", "RRULE:FREQ=HOURLY;INTERVAL=7;BYDAY=MO;COUNT=5000"],
        ["DTSTART:19700101T000000", "RRULE:FREQ=SECONDLY;INTERVAL=86399;COUNT=5000"],
        ["DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,7"],
        ["DTSTART;VALUE=DATE:19700101", "DURATION:P99999D"],
        [EVE, "RDATE;VALUE=DATE:" + ",".join(["20261224"] * 100)],
    ],
)
@pytest.mark.timeout(60)
def test_hostile_files_end_soon(lines: list[str]) -> None:
    """As many events as fit, which each take long, are refused after a while rather than read to the end."""
    each = event(*lines)
    content = file_of(*([each] * min(1900, 256_000 // len(each))))
    with pytest.raises(InvalidFile, match="too many days, or repeats too much"):
        found(content)


WORDS = ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "SUMMARY", "UID"]
VALUES = ["20261224", "20261224T100000Z", "P1D", "PT1H", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20270101", "-P1D", ""]
line = st.builds("{}{}:{}".format, st.sampled_from(WORDS), st.sampled_from(["", ";VALUE=DATE", ";TZID=Europe/Berlin"]),
                 st.sampled_from(VALUES) | st.text(max_size=20))  # fmt: skip


@given(st.lists(st.lists(line, max_size=6), max_size=4))
def test_any_text_is_read_or_refused(events: list[list[str]]) -> None:
    """Whatever stands in a file, there are dates in order within the window, or one kind of error."""
    content = file_of(*(event(*lines) for lines in events)).decode("utf-8", "replace").encode()
    try:
        days = found(content)
    except InvalidFile:
        return
    assert days == sorted(set(days))
    assert all(date(2024, 11, 22) <= day <= date(2036, 11, 22) for day in days)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Garbage is refused, never anything else."""
    with suppress(InvalidFile):
        assert found(b"BEGIN:VCALENDAR\n" + content) == []
