"""Invitations: of a team (`/teams/{team_id}/invitations`) and to me (`/invitations`)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.errors import NotFound
from crud import invitations, teams
from crud.access import RoleTooLow
from crud.accounts import InvalidEmail
from crud.invitations import AlreadyMember
from crud.pages import InvalidCursor
from crud.teams import PersonalTeam
from routers.answers import listed
from routers.deps import PageDep, Person, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import InvitationCreate, InvitationRead, TeamRead

router = resource("invitations")
of_team = "/teams/{team_id}/invitations"


@router.post(
    of_team,
    status_code=201,
    response_model=InvitationRead,
    responses=problems(NotFound, RoleTooLow, PersonalTeam, InvalidEmail, AlreadyMember),
)
async def invite(work: WorkDep, me: Person, team_id: UUID, settings: SettingsDep, body: InvitationCreate) -> Row[Any]:
    """Invite a mailbox into a team; inviting it again renews the invitation."""
    return await invitations.create(work, settings, me, team_id, body)


@router.get(of_team, response_model=Page[InvitationRead], responses=problems(NotFound, RoleTooLow, InvalidCursor))
async def list_team_invitations(work: WorkDep, me: Person, team_id: UUID, page: PageDep) -> dict[str, Any]:
    """List the invitations of a team that still wait."""
    return listed(*await invitations.listed(work, me, team_id, page))


@router.delete(of_team + "/{invitation_id}", status_code=204, responses=problems(NotFound, RoleTooLow))
async def revoke_invitation(work: WorkDep, me: Person, team_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back."""
    await invitations.revoke(work, me, team_id, invitation_id)


@router.get("/invitations", response_model=Page[InvitationRead], responses=problems(InvalidCursor))
async def list_my_invitations(work: WorkDep, me: Person, page: PageDep) -> dict[str, Any]:
    """List the invitations that wait for me."""
    return listed(*await invitations.of_mine(work, me.user_id, page))


@router.post("/invitations/{invitation_id}/accept", response_model=TeamRead, responses=problems(NotFound))
async def accept_invitation(work: WorkDep, me: Person, invitation_id: UUID) -> Row[Any]:
    """Join the team; the answer is the team."""
    team_id = await invitations.accept(work, me.user_id, invitation_id)
    return await teams.get(work, me, team_id)
