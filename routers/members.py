"""`/teams/{team_id}/members`: who belongs to a team, and as what."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.errors import NotFound
from crud import members
from crud.access import RoleTooLow
from crud.members import LastOwner
from crud.pages import InvalidCursor
from crud.teams import PersonalTeam
from routers.answers import listed
from routers.deps import Me, PageDep, Person, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import MemberRead, MemberUpdate, Transfer

router = resource("teams", "/teams/{team_id}")
REFUSALS = problems(NotFound, RoleTooLow, PersonalTeam, LastOwner)


@router.get("/members", response_model=Page[MemberRead], responses=problems(NotFound, InvalidCursor))
async def list_members(work: WorkDep, me: Me, team_id: UUID, page: PageDep) -> dict[str, Any]:
    """List the members of a team."""
    return listed(*await members.listed(work, me, team_id, page))


@router.patch("/members/{user_id}", response_model=MemberRead, responses=REFUSALS)
async def change_member(work: WorkDep, me: Person, team_id: UUID, user_id: UUID, body: MemberUpdate) -> Row[Any]:
    """Give a member another role."""
    return await members.change(work, me, team_id, user_id, body.role)


@router.delete("/members/{user_id}", status_code=204, responses=REFUSALS)
async def remove_member(work: WorkDep, me: Person, team_id: UUID, user_id: UUID) -> None:
    """Remove a member; nothing more is sent to them."""
    await members.remove(work, me, team_id, user_id)


@router.post("/leave", status_code=204, responses=problems(NotFound, PersonalTeam, LastOwner))
async def leave_team(work: WorkDep, me: Person, team_id: UUID) -> None:
    """Leave a team."""
    await members.remove(work, me, team_id, me.user_id)


@router.post("/transfer", response_model=MemberRead, responses=problems(NotFound, RoleTooLow, PersonalTeam))
async def transfer_team(work: WorkDep, me: Person, team_id: UUID, body: Transfer) -> Row[Any]:
    """Hand the team to another member; the answer is its new owner."""
    return await members.transfer(work, me, team_id, body.user_id)
