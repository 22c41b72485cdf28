"""Weeks and days of the year, against the calendar of the standard library."""

from datetime import date, timedelta

import pytest

from schedules.recurrence.days import Days
from schedules.recurrence.parts import parse

YEARS = range(1996, 2050)


def chosen(rule: str, year: int) -> list[date]:
    """Return the days of a year that a rule selects."""
    return [date(year, 1, 1) + timedelta(days=day) for day in Days(parse(rule)).of_year(year)]


@pytest.mark.parametrize("week", [1, 20, 52, 53])
def test_weeks_are_those_of_iso_8601(week: int) -> None:
    """Also around New Year, where days belong to a week of the year before or after."""
    for year in YEARS:
        days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
        expected = [day for day in days if day.year == year and day.isocalendar().week == week]
        assert chosen(f"FREQ=YEARLY;BYWEEKNO={week}", year) == expected


def test_the_last_week_is_the_one_before_the_first() -> None:
    """Counted from the end, whether a year has 52 weeks or 53."""
    for year in YEARS:
        for day in chosen("FREQ=YEARLY;BYWEEKNO=-1", year):
            assert (day + timedelta(days=7)).isocalendar().week == 1


def test_a_week_that_begins_on_sunday_belongs_to_the_year_of_its_fourth_day() -> None:
    """In 2027 the first week begins a day earlier where weeks begin on Sunday."""
    assert chosen("FREQ=YEARLY;BYWEEKNO=1;WKST=SU", 2027)[:1] == [date(2027, 1, 3)]
    assert chosen("FREQ=YEARLY;BYWEEKNO=1;WKST=MO", 2027)[:1] == [date(2027, 1, 4)]


def test_days_of_the_year_count_from_both_ends() -> None:
    """The 366th exists in leap years only, the last one always."""
    assert chosen("FREQ=YEARLY;BYYEARDAY=366,60,-1", 2027) == [date(2027, 3, 1), date(2027, 12, 31)]
    assert chosen("FREQ=YEARLY;BYYEARDAY=366,60,-2", 2028) == [
        date(2028, 2, 29),
        date(2028, 12, 30),
        date(2028, 12, 31),
    ]


def test_weekdays_with_and_without_a_number_add_up() -> None:
    """All Mondays, and the last Friday."""
    found = [day.day for day in chosen("FREQ=MONTHLY;BYDAY=MO,-1FR;BYMONTH=11", 2026)]
    assert found == [2, 9, 16, 23, 27, 30]
