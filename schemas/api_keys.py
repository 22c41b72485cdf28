"""API keys: what programs sign in with."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model, Text

Scope = Annotated[
    Literal["read", "write", "admin"],
    Field(description="`read` sees what a viewer sees, `write` does what a member does, `admin` what an admin does."),
]
Expiry = Annotated[
    Instant | None,
    Field(description="At most 366 days ahead. Null or left out: in 90 days.", examples=["2027-01-31T00:00:00Z"]),
]


class ApiKeyCreate(Model):
    """A new API key of a team."""

    name: Annotated[str, Text(100), Field(description="What uses it.", examples=["billing service"])]
    scope: Scope
    expires_at: Expiry = None


class ApiKeyRead(Model):
    """An API key; its secret is shown once, when it is made."""

    id: UUID
    team_id: UUID
    name: str
    public_id: Annotated[str, Field(description="The part of the key between `rk_` and the second `_`.")]
    scope: Scope
    created_by: Annotated[UUID, Field(description="Whose key it is: it ends with their membership.")]
    created_at: Instant
    expires_at: Instant
    last_used_at: Annotated[Instant | None, Field(description="To the minute.")]


class ApiKeyMade(ApiKeyRead):
    """A new API key with its secret, which is never shown again."""

    key: Annotated[str, Field(description="Send it as `Authorization: Bearer rk_...`; keep it secret.")]
