"""Invitations to me: `/invitations`."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import invitations, teams
from crud.invitations import OtherMailbox
from crud.mailboxes import EmailNotVerified
from crud.pages import InvalidCursor
from crud.proofs import InvalidProof
from crud.quotas import QuotaReached
from routers.answers import SHOWN, listed, tagged
from routers.deps import PageDep, Person, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import InvitationRead, InvitationToken, TeamRead

router = resource("invitations", "/invitations")


@router.get("", response_model=Page[InvitationRead], responses=problems(InvalidCursor))
async def list_my_invitations(work: WorkDep, me: Person, page: PageDep) -> dict[str, Any]:
    """List the invitations that wait for me."""
    return listed(*await invitations.of_mine(work, me.user_id, page))


# Before the one with an id, which would take `accept` for it.
@router.post("/accept", response_model=TeamRead, responses=SHOWN | problems(InvalidProof, OtherMailbox, QuotaReached))
async def accept_invitation_token(
    work: WorkDep, settings: SettingsDep, me: Person, body: InvitationToken, response: Response
) -> Row[Any]:
    """Join a team by the secret of a mail or a link; that of a mail proves the mailbox. The answer is the team."""
    team_id = await invitations.accept_token(work, settings, me.user_id, body.token.get_secret_value())
    return tagged(response, await teams.get(work, me, team_id))


@router.post(
    "/{invitation_id}/accept",
    response_model=TeamRead,
    responses=SHOWN | problems(NotFound, EmailNotVerified, QuotaReached),
)
async def accept_invitation(work: WorkDep, me: Person, invitation_id: UUID, response: Response) -> Row[Any]:
    """Join the team; the answer is the team."""
    team_id = await invitations.accept(work, me.user_id, invitation_id)
    return tagged(response, await teams.get(work, me, team_id))


@router.post("/{invitation_id}/decline", status_code=204, responses=problems(NotFound, EmailNotVerified))
async def decline_invitation(work: WorkDep, me: Person, invitation_id: UUID) -> Response:
    """Refuse an invitation."""
    await invitations.decline(work, me.user_id, invitation_id)
    return Response(status_code=204)
