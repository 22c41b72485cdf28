"""Teams, their members, and invitations into them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Instant, Model, Text, Zone
from schemas.fields import unset

Role = Literal["owner", "admin", "member", "viewer"]
GivenRole = Literal["admin", "member", "viewer"]
"""What an invitation can give; owners are made by owners, from members."""

TeamName = Annotated[str, Text(100), Field(examples=["Accounting"])]


class TeamCreate(Model):
    """A new team; whoever makes it owns it."""

    name: TeamName
    timezone: Zone = "UTC"


class TeamUpdate(Model):
    """What is to change about a team; what is left out stays."""

    name: TeamName = unset()
    timezone: Zone = unset()


class TeamRead(Model):
    """A team, and what the reader may do in it."""

    id: UUID
    name: str
    timezone: str
    personal: Annotated[bool, Field(description="The team that everybody has for themselves.")]
    my_role: Role
    version: int
    created_at: Instant
    updated_at: Instant


class MemberRead(Model):
    """Somebody who belongs to a team."""

    user_id: UUID
    name: str
    email: str
    role: Role
    created_at: Annotated[Instant, Field(description="When they joined.")]


class MemberUpdate(Model):
    """A member's new role."""

    role: Role


class Transfer(Model):
    """Who is to own the team from now on; the owner of today becomes an admin."""

    user_id: UUID


class InvitationCreate(Model):
    """An invitation, to be accepted by whoever has this mail address."""

    email: Annotated[str, Text(254), Field(examples=["ada@example.com"])]
    role: GivenRole = "member"


class InvitationRead(Model):
    """An invitation into a team."""

    id: UUID
    team_id: UUID
    team_name: str
    email: str
    role: GivenRole
    status: Literal["pending", "accepted", "revoked"]
    invited_by: UUID
    expires_at: Instant
    created_at: Instant
