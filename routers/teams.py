"""`/teams`: groups of people with reminders of their own."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import team_ends, team_returns, teams
from crud.access import RoleTooLow
from crud.mailboxes import EmailNotVerified
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.teams import PersonalTeam
from crud.versions import VersionConflict
from routers.answers import MADE, SHOWN, listed, tagged
from routers.deps import IfMatch, Me, PageDep, Person, Proven, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import TeamCreate, TeamRead, TeamUpdate

router = resource("teams", "/teams")


@router.post("", status_code=201, response_model=TeamRead, responses=MADE | problems(EmailNotVerified, QuotaReached))
async def create_team(work: WorkDep, me: Proven, body: TeamCreate, response: Response) -> Row[Any]:
    """Make a team; you own it."""
    return tagged(response, await teams.create(work, me, body))


Deleted = Annotated[bool, Query(description="Those that I owned and can still restore, instead.")]


@router.get("", response_model=Page[TeamRead], responses=problems(InvalidCursor))
async def list_teams(work: WorkDep, me: Me, page: PageDep, *, deleted: Deleted = False) -> dict[str, Any]:
    """List my teams, the personal one included."""
    return listed(*await (teams.deleted if deleted else teams.listed)(work, me, page))


@router.get("/{team_id}", response_model=TeamRead, responses=SHOWN | problems(NotFound))
async def read_team(work: WorkDep, me: Me, team_id: UUID, response: Response) -> Row[Any]:
    """Read one team."""
    return tagged(response, await teams.get(work, me, team_id))


@router.patch("/{team_id}", response_model=TeamRead, responses=SHOWN | problems(NotFound, RoleTooLow, VersionConflict))
async def change_team(
    work: WorkDep, me: Me, team_id: UUID, body: TeamUpdate, versions: IfMatch, response: Response
) -> Row[Any]:
    """Change name, zone or rules of a team."""
    return tagged(response, await teams.change(work, me, team_id, body, versions=versions))


@router.delete("/{team_id}", status_code=204, responses=problems(NotFound, RoleTooLow, VersionConflict, PersonalTeam))
async def delete_team(work: WorkDep, settings: SettingsDep, me: Person, team_id: UUID, versions: IfMatch) -> None:
    """Delete a team and all that is in it, at once; its owners can restore it until its grace is over."""
    await team_ends.delete(work, settings, me, team_id, versions=versions)


@router.post("/{team_id}/restore", response_model=TeamRead, responses=SHOWN | problems(NotFound, QuotaReached))
async def restore_team(work: WorkDep, me: Person, team_id: UUID, response: Response) -> Row[Any]:
    """Bring back a deleted team that you owned: members, roles and reminders as they were, going on from now."""
    return tagged(response, await team_returns.restore(work, me, team_id))
