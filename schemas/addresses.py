"""Addresses: where a person or a team can be reached."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model, Text, example
from schemas.fields import unset


class AddressCreate(Model):
    """A new address."""

    kind: Annotated[str, Text(32), Field(description="The name of a channel.", examples=["email", "slack"])]
    value: Annotated[
        str,
        Text(2000),
        Field(
            description="A mailbox; a Slack channel or member id, or an incoming-webhook URL.",
            examples=["ada@example.com", "C024BE91L"],
        ),
    ]
    label: Annotated[str, Text(100)] | None = None


class AddressUpdate(Model):
    """What is to change about an address; what is left out stays."""

    model_config = example(label="Office", disabled=False)

    label: Annotated[str, Text(100)] | None = None
    disabled: Annotated[bool, Field(strict=True, description="A disabled address receives nothing.")] = unset()


class AddressRead(Model):
    """An address; a value that is a secret comes back masked."""

    id: UUID
    kind: str
    value: str
    label: str | None
    verified: bool
    disabled: bool
    disabled_reason: str | None
    version: int
    created_at: Instant
    updated_at: Instant
