"""`/teams/{team_id}/invitations`: whom admins have invited."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import invitations, inviting
from crud.access import RoleTooLow
from crud.accounts import InvalidEmail
from crud.inviting import AlreadyMember
from crud.limits import TooManyAttempts
from crud.mailboxes import EmailNotVerified
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.teams import PersonalTeam
from crud.versions import VersionConflict
from routers.answers import MADE, SHOWN, listed, tagged
from routers.deps import IfMatch, PageDep, Person, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import InvitationCreate, InvitationMade, InvitationRead

router = resource("invitations", "/teams/{team_id}/invitations")
REFUSALS = problems(
    NotFound, RoleTooLow, PersonalTeam, InvalidEmail, AlreadyMember, EmailNotVerified, QuotaReached, TooManyAttempts
)


@router.post("", status_code=201, response_model=InvitationMade, responses=MADE | REFUSALS)
async def invite(
    work: WorkDep, me: Person, team_id: UUID, settings: SettingsDep, body: InvitationCreate, response: Response
) -> dict[str, Any]:
    """Invite a mailbox, which gets a mail, or make a secret link; inviting a mailbox again renews and sends again."""
    made = await inviting.create(work, settings, me, team_id, body)
    url = made.token and invitations.link(settings, made.token)
    invitation = InvitationRead.model_validate(made.row, from_attributes=True)
    tagged(response, made.row)
    return {**invitation.model_dump(), "token": made.token, "url": url}


@router.get("", response_model=Page[InvitationRead], responses=problems(NotFound, RoleTooLow, InvalidCursor))
async def list_team_invitations(work: WorkDep, me: Person, team_id: UUID, page: PageDep) -> dict[str, Any]:
    """List the invitations of a team that still wait."""
    return listed(*await inviting.listed(work, me, team_id, page))


@router.get("/{invitation_id}", response_model=InvitationRead, responses=SHOWN | problems(NotFound, RoleTooLow))
async def read_team_invitation(
    work: WorkDep, me: Person, team_id: UUID, invitation_id: UUID, response: Response
) -> Row[Any]:
    """Read one invitation that still waits."""
    return tagged(response, await inviting.get(work, me, team_id, invitation_id))


@router.delete("/{invitation_id}", status_code=204, responses=problems(NotFound, RoleTooLow, VersionConflict))
async def revoke_invitation(
    work: WorkDep, me: Person, team_id: UUID, invitation_id: UUID, versions: IfMatch
) -> Response:
    """Take an invitation back."""
    await inviting.revoke(work, me, team_id, invitation_id, expected=versions)
    return Response(status_code=204)
