"""Phrases put together from days, times and recurrences, in both languages; the calendar says what they mean."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.words.parse import Parsed, parse

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HERE = NOW.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
MESSAGES = {"en": ["call mum", "buy 5 apples", "read “1984”"], "de": ["Mama anrufen", "5 Äpfel kaufen", "„1984“ lesen"]}
WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
}
MONTHS = {
    "en": ["Jan", "February", "March", "Apr", "May", "June", "July", "Aug", "September", "Oct", "November", "Dec"],
    "de": ["Jan", "Februar", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "September", "Okt", "November", "Dez"],
}
CLOCKS = {"en": "at {:02}:{:02}", "de": "um {:02}:{:02} Uhr"}
TOMORROW = {"en": "tomorrow", "de": "morgen"}
EVERY = {
    "en": ("every day", "every {}", "every {} weeks on {}"),
    "de": ("jeden Tag", "jeden {}", "alle {} Wochen am {}"),
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])
DATES = st.integers(1440, 1500 * 1440).map(lambda minutes: HERE + timedelta(minutes=minutes))
HOURS, MINUTES = st.integers(0, 23), st.sampled_from([0, 5, 15, 30, 59])


def said(language: str, when: str, message: int, *, first: bool) -> Parsed:
    """Parse a phrase with its time in front or behind, and check that the message came through."""
    text = MESSAGES[language][message]
    parsed = parse(f"{when} {text}" if first and not text[0].isdigit() else f"{text} {when}", "Europe/Berlin", NOW)
    assert parsed.message == text
    assert parsed.ambiguities == []
    return parsed


def locals_of(parsed: Parsed) -> list[datetime]:
    """Return the clock times of the first occurrences."""
    return [occurrence.local.replace(tzinfo=None) for occurrence in parsed.occurrences]


@LANGUAGES
@settings(max_examples=60, deadline=None)
@given(day=st.integers(0, 7), hour=HOURS, minute=MINUTES, message=st.integers(0, 2), first=st.booleans())
def test_a_day_and_a_time(language: str, day: int, hour: int, minute: int, message: int, first: bool) -> None:
    """A weekday is the coming one, and today's if its time is still ahead."""
    when = TOMORROW[language] if day == 7 else ("on " if language == "en" else "am ") + WEEKDAYS[language][day]
    parsed = said(language, f"{when} {CLOCKS[language].format(hour, minute)}", message, first=first)
    expected = HERE.replace(hour=hour, minute=minute) + timedelta(days=1 if day == 7 else (day - HERE.weekday()) % 7)
    assert locals_of(parsed) == [expected if expected > HERE else expected + timedelta(days=7)]


@LANGUAGES
@settings(max_examples=60, deadline=None)
@given(at=DATES, year=st.booleans(), first=st.booleans())
def test_a_date(language: str, at: datetime, year: bool, first: bool) -> None:
    """A date without a year is the next one."""
    month = MONTHS[language][at.month - 1]
    # Clocks are changed between one and three.
    asked = at.replace(hour=at.hour % 20 + 4, second=0, microsecond=0)
    date = f"on {at.day} {month}" if language == "en" else f"am {at.day}. {month}"
    when = f"{date} {at.year if year else ''} {CLOCKS[language].format(asked.hour, asked.minute)}"
    found = locals_of(said(language, when, 0, first=first))
    coming = [asked] if year else [asked.replace(year=each) for each in (2026, 2027, 2028) if _is_date(asked, each)]
    assert found == [next(each for each in coming if each > HERE)]


def _is_date(at: datetime, year: int) -> bool:
    return (at.month, at.day) != (2, 29) or year % 4 == 0


@LANGUAGES
@settings(max_examples=60, deadline=None)
@given(weekday=st.integers(0, 6), every=st.integers(1, 6), hour=HOURS, minute=MINUTES, first=st.booleans())
def test_weeks_are_counted_from_the_first(
    language: str, weekday: int, every: int, hour: int, minute: int, first: bool
) -> None:
    """Every n weeks begins with the coming day of that name."""
    _, weekly, weeks = EVERY[language]
    name = WEEKDAYS[language][weekday]
    days = weekly.format(name) if every == 1 else weeks.format(every, name)
    found = locals_of(said(language, f"{days} {CLOCKS[language].format(hour, minute)}", 0, first=first))
    start = HERE.replace(hour=hour, minute=minute) + timedelta(days=(weekday - HERE.weekday()) % 7)
    start += timedelta(days=0 if start > HERE else 7)
    assert found == [start + timedelta(weeks=every * step) for step in range(3)]


@LANGUAGES
@settings(max_examples=40, deadline=None)
@given(amount=st.integers(1, 300), unit=st.integers(0, 1), first=st.booleans())
def test_from_now(language: str, amount: int, unit: int, first: bool) -> None:
    """Minutes and hours from now are elapsed time."""
    names = {"en": ("minutes", "hours"), "de": ("Minuten", "Stunden")}[language]
    parsed = said(language, f"in {amount} {names[unit]}", 0, first=first)
    assert parsed.occurrences[0].at == NOW + timedelta(**{("minutes", "hours")[unit]: amount})
