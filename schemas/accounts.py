"""People, their sessions, and the tokens that prove them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from schemas.base import Instant, Model, Text, Zone
from schemas.fields import unset

Email = Annotated[str, Text(254, least=3), Field(examples=["ada@example.com"])]
Name = Annotated[str, Text(100), Field(examples=["Ada"])]
Password = Annotated[
    str, Text(128, least=8, strip=False), Field(description="8 to 128 characters; 12 or more are better.")
]

Locale = Annotated[
    Literal["en", "de"],
    Field(description="The language of messages and descriptions. Null: not said, which is English."),
]


class UserCreate(Model):
    """A new account."""

    email: Email
    password: Password
    name: Name
    timezone: Annotated[Zone | None, Field(description="Null: that of the team counts.")] = None


class UserUpdate(Model):
    """What is to change about an account; what is left out stays."""

    name: Name = unset()
    timezone: Zone | None = None
    locale: Locale | None = None


class UserRead(Model):
    """An account, as its owner sees it."""

    id: UUID
    email: str
    name: str
    timezone: str | None
    locale: Locale | None
    email_verified: bool
    is_operator: bool
    personal_team_id: Annotated[UUID, Field(description="The team of one that everybody has.")]
    version: int
    created_at: Instant
    updated_at: Instant


class Token(Model):
    """What signs requests for ten minutes, and what gets the next one."""

    access_token: str
    refresh_token: Annotated[str, Field(description="Use it once; the answer holds the next one.")]
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the name of a scheme
    expires_in: Annotated[int, Field(description="Seconds that the access token lives.")]


class Refresh(Model):
    """A refresh token, to be exchanged."""

    refresh_token: SecretStr = Field(min_length=1, max_length=200)


class SessionRead(Model):
    """One sign-in on one device."""

    id: UUID
    user_agent: str | None
    created_at: Instant
    last_used_at: Instant | None
    current: Annotated[bool, Field(description="Whether this very request belongs to it.")]
