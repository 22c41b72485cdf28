"""The audit log as it is read."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model


class AuditActor(Model):
    """Who did it: a person, or a program with that person's API key."""

    id: UUID
    name: Annotated[str, Field(description="As it is now; `erased` where the account is gone.")]
    api_key: Annotated[str | None, Field(description="The public id of the API key.")]


class AuditEntry(Model):
    """What was done; the names of changed fields, never what was in them."""

    id: UUID
    created_at: Instant
    actor: Annotated[AuditActor | None, Field(description="Null for the machine itself.")]
    action: Annotated[str, Field(examples=["member.removed"])]
    object_type: str | None
    object_id: UUID | None
    fields: list[str]
    result: Literal["done", "refused"]
    request_id: str | None
