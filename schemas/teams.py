"""Teams, their members, and invitations into them."""

from datetime import timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from annotated_types import Interval
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.base import Duration, Instant, Model, Secret, Text, Zone
from schemas.fields import unset

MOST_USES = 100
"""How many may join by one link."""

Role = Literal["owner", "admin", "member", "viewer"]
GivenRole = Literal["admin", "member", "viewer"]
"""What an invitation can give; owners are made by owners, from members."""

TeamName = Annotated[str, Text(100), Field(examples=["Accounting"])]
OnLeave = Annotated[
    Literal["creator", "owners"],
    Field(
        description="To whom falls what only somebody had who leaves: the creator of each reminder, or the owners. "
        "The owners also where the creator is not there."
    ),
]


class TeamCreate(Model):
    """A new team; whoever makes it owns it."""

    name: TeamName
    timezone: Zone = "UTC"
    on_leave: OnLeave = "creator"


class TeamUpdate(Model):
    """What is to change about a team; what is left out stays."""

    name: TeamName = unset()
    timezone: Zone = unset()
    on_leave: OnLeave = unset()


class TeamRead(Model):
    """A team, and what the reader may do in it."""

    id: UUID
    name: str
    timezone: str
    personal: Annotated[bool, Field(description="The team that everybody has for themselves.")]
    my_role: Role
    on_leave: OnLeave
    deleted_at: Instant | None
    purge_at: Annotated[Instant | None, Field(description="Until then a deleted team can be restored.")]
    version: int
    created_at: Instant
    updated_at: Instant


class MemberRead(Model):
    """Somebody who belongs to a team."""

    user_id: UUID
    name: str
    email: str
    email_verified: Annotated[bool, Field(description="Whether the mail address is proven to be theirs.")]
    role: Role
    version: int
    created_at: Annotated[Instant, Field(description="When they joined.")]


class MemberUpdate(Model):
    """A member's new role."""

    role: Role


class Transfer(Model):
    """Who is to own the team from now on; the owner of today becomes an admin."""

    user_id: UUID


class LeaveReport(Model):
    """What has happened because somebody left a team; their reminders stay with it."""

    occurrences_reassigned: Annotated[int, Field(description="Open ones that only they were asked about.")]
    occurrences_without_recipient: Annotated[int, Field(description="Closed, because nobody could be asked instead.")]
    audiences_changed: Annotated[int, Field(description="Reminders that named them or their addresses.")]
    api_keys_revoked: int
    invitations_revoked: int


class InvitationCreate(Model):
    """An invitation: either to a mailbox, which is written to, or a secret link for whoever is given it."""

    email: Annotated[str, Text(254), Field(examples=["ada@example.com"])] | None = None
    link: Annotated[bool, Field(description="Instead of `email`: make a secret link, which is shown once.")] = False
    role: GivenRole = "member"
    max_uses: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=MOST_USES)] | None,
        Field(description="How many may join by a link; 1."),
    ] = None
    expires_in: Annotated[
        Duration | None,
        Interval(ge=timedelta(minutes=5), le=timedelta(days=30)),
        Field(description="5 minutes to 30 days. Left out: 14 days for a mailbox, 7 for a link."),
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.email is None) != self.link:
            code = "email_or_link"
            raise PydanticCustomError(code, "Name either an email or link: true")
        if self.max_uses not in (None, 1) and not self.link:
            code = "unused"
            raise PydanticCustomError(code, "An invitation to a mailbox is for one; leave max_uses out")
        return self


class InvitationToken(Model):
    """The secret of an invitation, from a mail or a link."""

    token: Secret = Field(min_length=1, max_length=200)


class InvitationRead(Model):
    """An invitation into a team."""

    id: UUID
    team_id: UUID
    team_name: str
    email: Annotated[str | None, Field(description="Null for a link.")]
    link: bool
    role: GivenRole
    status: Literal["pending", "accepted", "declined", "revoked"]
    expired: bool
    max_uses: int
    uses: int
    invited_by: UUID
    invited_by_name: str
    expires_at: Instant
    version: int
    created_at: Instant


class InvitationMade(InvitationRead):
    """A new or renewed invitation; the secret of a link is shown this once."""

    token: Annotated[str | None, Field(description="Null for a mailbox, which gets its own by mail.")] = None
    url: Annotated[str | None, Field(description="The page where a link is accepted.")] = None
