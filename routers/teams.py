"""`/teams`: groups of people with reminders of their own."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import teams
from crud.access import RoleTooLow
from crud.pages import InvalidCursor
from crud.teams import PersonalTeam
from crud.versions import VersionConflict
from routers.answers import SHOWN, listed
from routers.deps import IfMatch, Me, PageDep, Person, WorkDep
from routers.door import etag, resource
from routers.problems import problems
from schemas.page import Page
from schemas.teams import TeamCreate, TeamRead, TeamUpdate

router = resource("teams", "/teams")


def _shown(response: Response, row: Row[Any]) -> Row[Any]:
    response.headers["ETag"] = etag(row.version)
    return row


@router.post("", status_code=201, response_model=TeamRead, responses={201: SHOWN[200]})
async def create_team(work: WorkDep, me: Person, body: TeamCreate, response: Response) -> Row[Any]:
    """Make a team; you own it."""
    return _shown(response, await teams.create(work, me, body))


@router.get("", response_model=Page[TeamRead], responses=problems(InvalidCursor))
async def list_teams(work: WorkDep, me: Me, page: PageDep) -> dict[str, Any]:
    """List my teams, the personal one included."""
    return listed(*await teams.listed(work, me, page))


@router.get("/{team_id}", response_model=TeamRead, responses=SHOWN | problems(NotFound))
async def read_team(work: WorkDep, me: Me, team_id: UUID, response: Response) -> Row[Any]:
    """Read one team."""
    return _shown(response, await teams.get(work, me, team_id))


@router.patch("/{team_id}", response_model=TeamRead, responses=SHOWN | problems(NotFound, RoleTooLow, VersionConflict))
async def change_team(
    work: WorkDep, me: Me, team_id: UUID, body: TeamUpdate, versions: IfMatch, response: Response
) -> Row[Any]:
    """Change name or zone of a team."""
    return _shown(response, await teams.change(work, me, team_id, body, versions=versions))


@router.delete("/{team_id}", status_code=204, responses=problems(NotFound, RoleTooLow, VersionConflict, PersonalTeam))
async def delete_team(work: WorkDep, me: Person, team_id: UUID, versions: IfMatch) -> None:
    """End a team and all its reminders."""
    await teams.delete(work, me, team_id, versions=versions)
