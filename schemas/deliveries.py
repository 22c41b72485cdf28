"""Deliveries as they go out, with every attempt."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model
from schemas.fields import Local

DeliveryStatus = Literal[
    "pending",
    "sending",
    "blocked",
    "quarantined",
    "delivered",
    "confirmed",
    "dead",
    "suppressed",
    "cancelled",
    "expired",
]
DeliveryKind = Literal["first", "nag", "escalation", "digest", "replay", "substitute"]
Outcome = Literal["accepted", "transient", "permanent", "blocked", "unknown", "fenced"]


class AttemptRead(Model):
    """One try to deliver; one under way has no outcome yet."""

    n: int
    outcome: Outcome | None
    started_at: Instant | None
    finished_at: Instant | None
    detail: str | None


class DeliveryRead(Model):
    """One occurrence to one address by one channel."""

    id: UUID
    team_id: UUID
    reminder_id: UUID
    occurrence_id: UUID
    scheduled_for: Instant
    channel: str
    kind: DeliveryKind
    seq: int
    user_id: Annotated[UUID | None, Field(description="The person it is for; null for an address of the team.")]
    address_id: UUID | None
    address: Annotated[str | None, Field(description="Masked where it is a secret.")]
    status: DeliveryStatus
    reason: str | None
    cancel_reason: Annotated[str | None, Field(description="Set while `sending`: the attempt under way is the last.")]
    due_at: Annotated[Instant, Field(description="By its recipient's clock, where everybody has it by their own.")]
    local: Local
    timezone: Annotated[str, Field(description="The zone of `local`: the recipient's, or else the schedule's.")]
    deliver_at: Annotated[Instant, Field(description="No attempt begins before.")]
    give_up_at: Instant
    delivered_at: Instant | None
    lateness_ms: Annotated[int | None, Field(description="From `due_at` to `delivered_at`.")]
    last_error: str | None
    attempt_count: int
    attempts: list[AttemptRead]
    version: Annotated[int, Field(description="Changes with people's edits, not with attempts; it is the ETag.")]
    created_at: Instant
