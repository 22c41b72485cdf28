"""People, their sessions, and the tokens that prove them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model, Secret, Text, Zone
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
    locale: Annotated[Locale | None, Field(description="Of mails from the first one on. Null: English.")] = None
    invitation: Annotated[
        Annotated[str, Text(200)] | None,
        Field(description="The token of an invitation, which is accepted in passing; needed where registration asks."),
    ] = None


class UserUpdate(Model):
    """What is to change about an account; what is left out stays."""

    name: Name = unset()
    timezone: Zone | None = None
    locale: Locale | None = None


class EmailChangeRead(Model):
    """A change of the mail address that waits for both mailboxes."""

    email: Annotated[str, Field(description="The new one.")]
    confirmed_by_old: Annotated[bool, Field(description="Also where the mailbox of today was never proven.")]
    confirmed_by_new: bool
    expires_at: Instant


class UserRead(Model):
    """An account, as its owner sees it."""

    id: UUID
    email: str
    name: str
    timezone: str | None
    locale: Locale | None
    email_verified: bool
    email_change: Annotated[EmailChangeRead | None, Field(description="What waits for both mailboxes to confirm.")]
    is_operator: bool
    personal_team_id: Annotated[UUID, Field(description="The team of one that everybody has.")]
    version: int
    created_at: Instant
    updated_at: Instant


class AccountState(Model):
    """What operators see of an account."""

    status: Literal["active", "deactivated"]
    is_operator: bool
    email_verified: bool
    created_at: Instant
    last_seen_at: Annotated[Instant | None, Field(description="Null: no session that is still kept.")]


class PersonRead(Model):
    """Somebody with whom you share a team, or, for operators, anybody."""

    id: UUID
    email: str
    name: str
    account: Annotated[AccountState | None, Field(description="Only for operators.")]


class Erasure(Model):
    """The password, once more, because there is no way back."""

    password: Annotated[Secret, Field(min_length=1, max_length=128, examples=["three wet socks"])]


class Token(Model):
    """What signs requests for ten minutes, and what gets the next one."""

    access_token: str
    refresh_token: Annotated[str, Field(description="Use it once; the answer holds the next one.")]
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the name of a scheme
    expires_in: Annotated[int, Field(description="Seconds that the access token lives.")]


class Refresh(Model):
    """A refresh token, to be exchanged."""

    refresh_token: Secret = Field(min_length=1, max_length=200)


class SessionRead(Model):
    """One sign-in on one device."""

    id: UUID
    user_agent: str | None
    client_network: Annotated[
        str | None,
        Field(description="Where it was opened, no more exactly than a neighbourhood.", examples=["203.0.113.0/24"]),
    ]
    created_at: Instant
    last_used_at: Instant | None
    current: Annotated[bool, Field(description="Whether this very request belongs to it.")]
