"""Occurrences as they go out, and what one may say about them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from schemas.base import Instant, Model, Text, example
from schemas.deliveries import DeliveryKind, DeliveryStatus
from schemas.fields import Local

OccurrenceStatus = Literal["open", "acknowledged", "closed", "skipped", "expired", "cancelled"]


class Acknowledgement(Model):
    """That it is done."""

    model_config = example(note="All sent, except to Ada Ltd.")

    note: Annotated[str, Text(2000)] | None = None


class Pause(Model):
    """For how long a reminder rests, and why."""

    model_config = example(until="2027-01-07T08:00:00Z", reason="Nobody works between the years.")

    until: Annotated[Instant | None, Field(description="Left out: until somebody resumes it.")] = None
    reason: Annotated[str, Text(500)] | None = None


class RecipientRead(Model):
    """Somebody whom an occurrence reaches, by one channel: when that is by their own clock, and what came of it."""

    delivery_id: UUID
    user_id: Annotated[UUID | None, Field(description="Null for an address of the team.")]
    channel: str
    kind: DeliveryKind
    address: Annotated[str | None, Field(description="Masked where it is a secret.")]
    due_at: Instant
    local: Local
    timezone: str
    deliver_at: Instant
    delivered_at: Instant | None
    status: DeliveryStatus
    reason: str | None


class OccurrenceRead(Model):
    """A reminder at one scheduled instant."""

    id: UUID
    team_id: UUID
    reminder_id: UUID
    scheduled_for: Annotated[Instant, Field(description="The nominal instant; that of the first to have it.")]
    scheduled_local: Annotated[
        datetime | None,
        Field(description="When everybody has it by their own clock.", examples=["2026-12-01T09:00:00"]),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ]
    status: OccurrenceStatus
    reason: str | None
    missed: Annotated[int, Field(description="Earlier ones that were missed and are merged into it.")]
    snoozed_until: Instant | None
    acknowledged_by: UUID | None
    acknowledged_at: Instant | None
    acknowledged_via: str | None
    acknowledge_note: str | None
    reminder_version: Annotated[int, Field(description="The version of the reminder that produced it.")]
    version: Annotated[int, Field(description="Changes with people's edits, not with what is sent; it is the ETag.")]
    created_at: Instant
    updated_at: Instant


class OccurrenceDetail(OccurrenceRead):
    """An occurrence and whom it reaches."""

    recipients: Annotated[
        list[RecipientRead],
        Field(description="At most 200, in the order in which they have it; the others are among its deliveries."),
    ]
