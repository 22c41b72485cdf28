"""Team calendars: named dates that schedules can heed as holidays."""

import re
from datetime import date
from typing import Annotated, Final, Self
from uuid import UUID

from annotated_types import Len
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.base import EARLIEST, LATEST, Instant, Model, Text
from schemas.fields import unset

MOST_AT_ONCE = 100
"""The longest list of dates that a request takes; a file may bring more."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _date_only(value: object) -> object:
    # Pydantic would take numbers as seconds since 1970, and a midnight as its date.
    if type(value) is date or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    code = "date_format"
    raise PydanticCustomError(code, "Write a date, such as 2026-12-24")


def _bounded(day: date) -> date:
    if not EARLIEST.date() <= day <= LATEST.date():
        code = "date_out_of_range"
        raise PydanticCustomError(code, "Dates lie between 1970 and 2200")
    return day


Day = Annotated[
    date,
    BeforeValidator(_date_only),
    AfterValidator(_bounded),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-24"]}),
]
"""A date between 1970 and 2200."""

CalendarName = Annotated[str, Text(100), Field(examples=["Plant shutdown"])]
DateName = Annotated[str, Text(200), Field(examples=["Christmas Eve"])]


class NamedDate(Model):
    """One date, and what it is called."""

    date: Day
    name: DateName | None = None


def _each_once(dates: list[NamedDate]) -> list[NamedDate]:
    if len({each.date for each in dates}) < len(dates):
        code = "repeated_date"
        raise PydanticCustomError(code, "Name each date once")
    return dates


Dates = Annotated[list[NamedDate], Len(0, MOST_AT_ONCE), AfterValidator(_each_once)]


class CalendarCreate(Model):
    """A new calendar."""

    name: CalendarName
    dates: Dates = Field(default_factory=list)


class CalendarUpdate(Model):
    """What is to change about a calendar; what is left out stays."""

    name: CalendarName = unset()
    dates: Annotated[Dates, Field(description="All dates that the calendar is to have from now on.")] = unset()


class DatesAdd(Model):
    """One date (`date`, `name`), or several (`dates`)."""

    date: Day = unset()
    name: DateName | None = unset()
    dates: Annotated[list[NamedDate], Len(1, MOST_AT_ONCE), AfterValidator(_each_once)] = unset()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.model_fields_set not in ({"date"}, {"date", "name"}, {"dates"}):
            code = "one_of"
            raise PydanticCustomError(code, "Send either date (and name), or dates")
        return self

    def listed(self) -> list[NamedDate]:
        """Return the dates, in whichever form they came."""
        if "dates" in self.model_fields_set:
            return self.dates
        return [NamedDate(date=self.date, name=self.name)]


class CalendarAddress(Model):
    """Where an iCalendar file is to be fetched, once."""

    url: Annotated[
        str,
        Text(2000),
        Field(
            description="`https://`, `http://` or `webcal://`, of a public server that answers at once, not elsewhere.",
            examples=["https://example.com/holidays.ics"],
        ),
    ]


NO_CALENDAR: Final = (
    "not_a_calendar",
    'Send an iCalendar file, with Content-Type: text/calendar, or the address of one, {{"url": "..."}}',
)
"""Code and sentence for a body that is neither file nor address."""


EXAMPLE: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Holidays//EN\r\n"
    "BEGIN:VEVENT\r\nUID:christmas-2027@example.com\r\nDTSTAMP:20270101T000000Z\r\n"
    "DTSTART;VALUE=DATE:20271225\r\nSUMMARY:Christmas Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def _form(value: object) -> str | None:
    if isinstance(value, bytes):
        return "file"
    return "address" if isinstance(value, CalendarAddress) or (isinstance(value, dict) and "url" in value) else None


CalendarSource = Annotated[
    Annotated[bytes, Tag("file")] | Annotated[CalendarAddress, Tag("address")],
    Discriminator(_form, custom_error_type=NO_CALENDAR[0], custom_error_message=NO_CALENDAR[1]),
    WithJsonSchema({"type": "string", "examples": [EXAMPLE]}),
]
"""The bytes of an iCalendar file (RFC 5545), or where to fetch one."""


class ImportRead(Model):
    """What an import did. Nothing is removed or renamed by one."""

    added: Annotated[int, Field(description="Dates that are new.")]
    unchanged: Annotated[int, Field(description="Dates that were there, and keep the name they had.")]
    skipped: Annotated[int, Field(description="Events without a date here: cancelled, or outside of the window.")]


class CalendarSummary(Model):
    """A calendar in a list."""

    id: UUID
    team_id: UUID
    name: str
    date_count: int
    version: int
    created_at: Instant
    updated_at: Instant


class CalendarRead(CalendarSummary):
    """A calendar with all its dates, the earliest first."""

    dates: list[NamedDate]
