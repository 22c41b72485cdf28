"""Schedules on the wire: their shape. What a schedule means, and whether it can be, is judged in `schedules`."""

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from schedules.durations import LONGEST
from schedules.plan import MOST_COUNT
from schemas.base import Instant, Later, Model, Text

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
    str, Text(64), Field(description="IANA name. Left out: that of the team.", examples=["Europe/Berlin"])
]
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
    exclude: Annotated[list[str] | None, Later()] = None
    include: Annotated[list[str] | None, Later()] = None
    holidays: Annotated[str | None, Later()] = None
    on_holiday: Annotated[Literal["keep", "skip", "before", "after"] | None, Later("keep")] = None

    def spec(self) -> dict[str, Any]:
        """Return what `schedules.plan.save` takes: the fields that were sent and mean something now."""
        return self.model_dump(exclude_none=True, exclude={"exclude", "include", "holidays", "on_holiday"})


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
    """Calendar recurrence (RFC 5545): part of the contract, and refused until it is built."""

    kind: Literal["rrule"]
    rrule: Annotated[str, Text(1000)]
    starts_at: Moment
    dst_gap: Gap | None = None
    dst_fold: Fold | None = None

    @model_validator(mode="before")
    @classmethod
    def _refuse(cls, _: object) -> object:
        code = "not_available_yet"
        raise PydanticCustomError(code, "rrule is planned, but not available yet; use once, interval or cron")


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
        custom_error_message="`kind` must be one of once, interval and cron",
    ),
]
"""A schedule as it comes in: a union on `kind`."""


class PreviewRequest(Model):
    """A schedule to try out."""

    schedule: ScheduleIn
    after: Annotated[Instant | None, Field(description="Occurrences are strictly later. Left out: now.")] = None
    count: Annotated[int, Field(strict=True, ge=1, le=100)] = 10


class OccurrencePreview(Model):
    """One occurrence, in UTC and on the clocks of its zone."""

    at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    local: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    timezone: str
    flags: list[Literal["dst_gap", "dst_fold"]]


class PreviewRead(Model):
    """What the schedule says and does."""

    description: str
    occurrences: list[OccurrencePreview]
