"""Occurrences as they go out, and what one may say about them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model, Text

OccurrenceStatus = Literal["open", "acknowledged", "closed", "skipped", "expired", "cancelled"]


class Acknowledgement(Model):
    """That it is done."""

    note: Annotated[str, Text(2000)] | None = None


class Pause(Model):
    """For how long a reminder rests, and why."""

    until: Annotated[Instant | None, Field(description="Left out: until somebody resumes it.")] = None
    reason: Annotated[str, Text(500)] | None = None


class OccurrenceRead(Model):
    """A reminder at one scheduled instant."""

    id: UUID
    team_id: UUID
    reminder_id: UUID
    scheduled_for: Annotated[Instant, Field(description="The nominal instant.")]
    status: OccurrenceStatus
    reason: str | None
    missed: Annotated[int, Field(description="Earlier ones that were missed and are merged into it.")]
    snoozed_until: Instant | None
    acknowledged_by: UUID | None
    acknowledged_at: Instant | None
    acknowledged_via: str | None
    acknowledge_note: str | None
    reminder_version: Annotated[int, Field(description="The version of the reminder that produced it.")]
    created_at: Instant
    updated_at: Instant
