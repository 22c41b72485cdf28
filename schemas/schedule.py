"""Schedules on the wire: their shape. What a schedule means, and whether it can be, is judged in `schedules`."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, JsonValue, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from schedules.durations import LONGEST
from schedules.extras import MOST_LISTED
from schedules.plan import MOST_COUNT
from schemas.base import Instant, Model, Text, example

_DURATION = re.compile(r"[0-9A-Za-z]{1,40}", re.ASCII)
Moment = Annotated[
    str,
    Text(40),
    Field(
        description="An aware date-time, or a local one where the schedule names its `timezone`.",
        examples=["2026-11-27T16:00:00", "2026-11-27T15:00:00Z"],
    ),
]
ZoneName = Annotated[
    str,
    Text(64),
    Field(
        description="IANA name, or `recipient`: everybody at their own local time. Left out: that of the team.",
        examples=["Europe/Berlin", "recipient"],
    ),
]
Dates = Annotated[list[Annotated[str, Text(40)]], Field(max_length=MOST_LISTED)]
Flag = Literal["dst_gap", "dst_fold", "holiday_moved"]
"""What is marked on an occurrence. What is excluded is none, and quiet hours are told of each delivery."""
_EXCLUDE = "Dates, which take away all that falls on them, and date-times (RFC 5545 EXDATE)."
_INCLUDE = "Occurrences on top (RFC 5545 RDATE), also outside start and end; a date takes the rule's time of day."
_HOLIDAYS = "A country (`DE`), a region (`US-CA`), or a calendar of the team (`calendar:` and its id)."
_ON_HOLIDAY = (
    "What becomes of an occurrence on a holiday: `keep`, `skip`, or the nearest day before or after it that is neither "
    "a holiday nor a weekend, at the same local time. Left out: `keep`."
)
_RRULE = "Without its start. COUNT and UNTIL become `count` and `ends_at`."
Gap = Annotated[
    Literal["next_valid", "skip"],
    Field(description="A local time that does not exist comes at the end of the gap, or not at all."),
]
Fold = Annotated[
    Literal["first", "second", "both"], Field(description="Which pass of a local time that comes twice is meant.")
]


def _every(value: object) -> str | int:
    # By hand, because a union of text and number would report each mistake twice.
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST.total_seconds()
    if (isinstance(value, int) and whole) or (isinstance(value, str) and _DURATION.fullmatch(value)):
        return value
    code = "duration_format"
    raise PydanticCustomError(code, "Write an ISO 8601 duration such as PT90M, or whole seconds, at most 100 years")


Every = Annotated[
    str | int,
    PlainValidator(_every),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "duration"}, {"type": "integer", "minimum": 60}]}),
    Field(description="ISO 8601 without months and years, or seconds; a minute at the least.", examples=["PT90M"]),
]


class _Common(Model):
    """What every kind of schedule takes."""

    timezone: ZoneName | None = None
    ends_at: Annotated[Moment | None, Field(description="Inclusive.")] = None
    count: Annotated[int, Field(strict=True, ge=1, le=MOST_COUNT)] | None = None
    exclude: Annotated[Dates | None, Field(description=_EXCLUDE, examples=[["2026-12-24"]])] = None
    include: Annotated[Dates | None, Field(description=_INCLUDE, examples=[["2026-12-23T16:00:00"]])] = None
    holidays: Annotated[str, Text(64), Field(description=_HOLIDAYS, examples=["DE-BY"])] | None = None
    on_holiday: Annotated[Literal["keep", "skip", "before", "after"] | None, Field(description=_ON_HOLIDAY)] = None

    def spec(self) -> dict[str, Any]:
        """Return what `schedules.plan.save` takes: the fields that were sent."""
        return self.model_dump(exclude_none=True)


class OnceIn(_Common):
    """One instant."""

    kind: Literal["once"]
    at: Moment
    dst_gap: Gap | None = None
    dst_fold: Fold | None = None


class IntervalIn(_Common):
    """Elapsed time from an anchor; a day is 24 hours."""

    kind: Literal["interval"]
    every: Every
    starts_at: Annotated[Moment | None, Field(description="The first occurrence. Left out: one interval from now.")] = (
        None
    )


class CronIn(_Common):
    """Five cron fields on the clocks of a zone."""

    kind: Literal["cron"]
    expression: Annotated[str, Text(200), Field(examples=["0 9 * * MON-FRI"])]
    starts_at: Moment | None = None
    dst_gap: Gap | None = None
    dst_fold: Fold | None = None


class RruleIn(_Common):
    """Calendar recurrence (RFC 5545): on the wall clock from days upwards, by elapsed time below."""

    kind: Literal["rrule"]
    rrule: Annotated[str, Text(1000), Field(description=_RRULE, examples=["FREQ=MONTHLY;BYDAY=-1FR"])]
    starts_at: Annotated[Moment, Field(description="Gives the time of day; an occurrence only if the rule matches it.")]
    dst_gap: Gap | None = None
    dst_fold: Fold | None = None


def _kind(value: object) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) else None


ScheduleIn = Annotated[
    Annotated[OnceIn, Tag("once")]
    | Annotated[IntervalIn, Tag("interval")]
    | Annotated[CronIn, Tag("cron")]
    | Annotated[RruleIn, Tag("rrule")],
    # A function rather than the field's name, because the stock error repeats what was sent.
    Discriminator(
        _kind,
        custom_error_type="invalid_schedule",
        custom_error_message="`kind` must be one of once, interval, cron and rrule",
    ),
]
"""A schedule as it comes in: a union on `kind`."""


LAST_FRIDAY: Final[dict[str, JsonValue]] = {
    "kind": "rrule",
    "rrule": "FREQ=MONTHLY;BYDAY=-1FR",
    "starts_at": "2026-11-27T16:00:00",
    "timezone": "Europe/Berlin",
}
"""A schedule to show: the last Friday of each month, at four."""


class PreviewRequest(Model):
    """A schedule to try out."""

    model_config = example(schedule=LAST_FRIDAY, count=5)

    schedule: ScheduleIn
    after: Annotated[Instant | None, Field(description="Occurrences are strictly later. Left out: now.")] = None
    count: Annotated[int, Field(strict=True, ge=1, le=100)] = 10


class OccurrencePreview(Model):
    """One occurrence, in UTC and on the clocks of its zone."""

    at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    local: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    timezone: str
    flags: list[Flag]


class PreviewRead(Model):
    """What the schedule says and does."""

    description: str
    occurrences: list[OccurrencePreview]
