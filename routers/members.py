"""`/teams/{team_id}/members`: who belongs to a team, and as what."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import members
from crud.access import RoleTooLow
from crud.leavers import Report
from crud.members import LastOwner
from crud.pages import InvalidCursor
from crud.teams import PersonalTeam
from crud.versions import VersionConflict
from routers.answers import SHOWN, listed, tagged
from routers.deps import IfMatch, Me, PageDep, Person, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import LeaveReport, MemberRead, MemberUpdate, Transfer

router = resource("teams", "/teams/{team_id}")
REFUSALS = problems(NotFound, RoleTooLow, PersonalTeam, LastOwner, VersionConflict)


@router.get("/members", response_model=Page[MemberRead], responses=problems(NotFound, InvalidCursor))
async def list_members(work: WorkDep, me: Me, team_id: UUID, page: PageDep) -> dict[str, Any]:
    """List the members of a team."""
    return listed(*await members.listed(work, me, team_id, page))


@router.get("/members/{user_id}", response_model=MemberRead, responses=SHOWN | problems(NotFound))
async def read_member(work: WorkDep, me: Me, team_id: UUID, user_id: UUID, response: Response) -> Row[Any]:
    """Read one member of a team."""
    return tagged(response, await members.get(work, me, team_id, user_id))


@router.patch("/members/{user_id}", response_model=MemberRead, responses=SHOWN | REFUSALS)
async def change_member(
    work: WorkDep, me: Person, team_id: UUID, user_id: UUID, body: MemberUpdate, versions: IfMatch, response: Response
) -> Row[Any]:
    """Give a member another role."""
    return tagged(response, await members.change(work, me, team_id, user_id, body.role, expected=versions))


@router.delete("/members/{user_id}", response_model=LeaveReport, responses=REFUSALS)
async def remove_member(work: WorkDep, me: Person, team_id: UUID, user_id: UUID, versions: IfMatch) -> Report:
    """Remove a member: nothing more is sent to them, what only they had falls to others, their keys are revoked."""
    return await members.remove(work, me, team_id, user_id, expected=versions)


@router.post("/leave", response_model=LeaveReport, responses=problems(NotFound, PersonalTeam, LastOwner))
async def leave_team(work: WorkDep, me: Person, team_id: UUID) -> Report:
    """Leave a team; what you made stays with it, and what only you had falls to others."""
    return await members.remove(work, me, team_id, me.user_id)


@router.post("/transfer", response_model=MemberRead, responses=SHOWN | problems(NotFound, RoleTooLow, PersonalTeam))
async def transfer_team(work: WorkDep, me: Person, team_id: UUID, body: Transfer, response: Response) -> Row[Any]:
    """Hand the team to another member; the answer is its new owner."""
    return tagged(response, await members.transfer(work, me, team_id, body.user_id))
