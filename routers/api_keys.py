"""`/teams/{team_id}/api-keys`: what programs of a team sign in with."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import api_keys
from crud.access import RoleTooLow
from crud.api_keys import ExpiryTooFar
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.versions import VersionConflict
from routers.answers import SHOWN, listed
from routers.deps import IfMatch, PageDep, Person, SettingsDep, WorkDep
from routers.door import etag, resource
from routers.problems import problems
from schemas.api_keys import ApiKeyCreate, ApiKeyMade, ApiKeyRead
from schemas.page import Page

router = resource("api keys", "/teams/{team_id}/api-keys")
MADE: dict[int | str, dict[str, Any]] = {201: SHOWN[200]}


@router.post(
    "",
    status_code=201,
    response_model=ApiKeyMade,
    responses=MADE | problems(NotFound, RoleTooLow, ExpiryTooFar, QuotaReached),
)
async def create_api_key(
    work: WorkDep, me: Person, team_id: UUID, settings: SettingsDep, body: ApiKeyCreate, response: Response
) -> dict[str, Any]:
    """Make an API key; its secret is in this answer and nowhere else."""
    row, text = await api_keys.create(work, settings, me, team_id, body)
    response.headers["ETag"] = etag(api_keys.VERSION)
    return {name: getattr(row, name) for name in ApiKeyRead.model_fields} | {"key": text}


@router.get("", response_model=Page[ApiKeyRead], responses=problems(NotFound, RoleTooLow, InvalidCursor))
async def list_api_keys(work: WorkDep, me: Person, team_id: UUID, page: PageDep) -> dict[str, Any]:
    """List the API keys of a team that are in force, the newest first."""
    return listed(*await api_keys.listed(work, me, team_id, page))


@router.get("/{key_id}", response_model=ApiKeyRead, responses=SHOWN | problems(NotFound, RoleTooLow))
async def read_api_key(work: WorkDep, me: Person, team_id: UUID, key_id: UUID, response: Response) -> Row[Any]:
    """Read one API key, without its secret."""
    response.headers["ETag"] = etag(api_keys.VERSION)
    return await api_keys.get(work, me, team_id, key_id)


@router.delete("/{key_id}", status_code=204, responses=problems(NotFound, RoleTooLow, VersionConflict))
async def revoke_api_key(work: WorkDep, me: Person, team_id: UUID, key_id: UUID, versions: IfMatch) -> None:
    """End an API key at once."""
    await api_keys.revoke(work, me, team_id, key_id, expected=versions)
