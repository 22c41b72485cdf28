"""Many at once: reminders to create or to change together, and failed deliveries to send again."""

from typing import Annotated, Final, Literal
from uuid import UUID

from annotated_types import Len
from pydantic import AfterValidator, Field

from schemas.base import Instant, Model, Text, example
from schemas.deliveries import DeliveryRead
from schemas.reminder_read import ReminderRead
from schemas.reminders import ReminderCreate

MOST: Final = 500
"""The most that one request takes."""

Action = Literal["pause", "resume", "skip", "delete", "restore", "acknowledge"]
Retryable = Literal["dead", "expired", "blocked", "quarantined"]


def _once_each(ids: list[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


Ids = Annotated[list[UUID], Len(1, MOST), AfterValidator(_once_each)]


class BulkCreate(Model):
    """Reminders to be created together, or not at all."""

    reminders: Annotated[list[ReminderCreate], Len(1, MOST)]


class BulkItem(ReminderRead):
    """One of the reminders, and whether it was there before, under the same natural key."""

    replayed: bool


class BulkCreated(Model):
    """The reminders in the order in which they were sent."""

    items: list[BulkItem]


class BulkAction(Model):
    """What is to be done with which reminders."""

    model_config = example(ids=["01980a3c-7a1e-7cc0-9b0f-5d1f3f0c2a11", "01980a3c-7a1e-7cc0-9b0f-5d1f3f0c2a12"])

    ids: Ids
    until: Annotated[Instant | None, Field(description="With `pause`. Left out: until somebody resumes them.")] = None
    reason: Annotated[str, Text(500), Field(description="With `pause`.")] | None = None
    note: Annotated[str, Text(2000), Field(description="With `acknowledge`.")] | None = None


class BulkDone(Model):
    """The reminders as they are now, in the order in which they were named."""

    items: list[ReminderRead]


class BulkRetry(Model):
    """Which failed deliveries of the team to send again; everything left out means all."""

    model_config = example(statuses=["dead", "expired"], channel="email", created_after="2026-11-26T22:00:00Z")

    statuses: Annotated[list[Retryable] | None, Len(1, 4), Field(description="Left out: all of them.")] = None
    channel: Annotated[str, Text(40)] | None = None
    reminder_id: UUID | None = None
    created_after: Annotated[Instant | None, Field(description="Inclusive.")] = None
    created_before: Annotated[Instant | None, Field(description="Exclusive.")] = None


class BulkRetried(Model):
    """What is under way now."""

    items: Annotated[list[DeliveryRead], Field(description="The deliveries that are sent, the oldest failure first.")]
    more: Annotated[bool, Field(description="There are more that can be sent again; ask once more.")]
