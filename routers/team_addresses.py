"""`/teams/{team_id}/addresses`: where a team can be reached, such as a Slack channel or a mailing list."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import access, addresses
from crud.access import RoleTooLow
from crud.addresses import AddressExists, InvalidValue, Owner, UnknownKind, verified_from_start
from crud.opt_outs import OptedOut
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.versions import VersionConflict
from routers.answers import SHOWN, listed
from routers.deps import IfMatch, Me, PageDep, SettingsDep, WorkDep
from routers.door import etag, resource
from routers.problems import problems
from schemas.addresses import AddressCreate, AddressRead, AddressUpdate
from schemas.page import Page

router = resource("teams", "/teams/{team_id}/addresses")
REFUSALS = problems(NotFound, RoleTooLow, VersionConflict)


async def _readable(work: WorkDep, me: Me, team_id: UUID) -> Owner:
    await access.member(work, me, team_id)
    return Owner(team_id=team_id)


async def _changeable(work: WorkDep, me: Me, team_id: UUID) -> Owner:
    await access.member(work, me, team_id, "admin")
    return Owner(team_id=team_id)


Readable = Annotated[Owner, Depends(_readable, scope="function")]
Changeable = Annotated[Owner, Depends(_changeable, scope="function")]


def _shown(response: Response, row: Row[Any]) -> Row[Any]:
    response.headers["ETag"] = etag(row.version)
    return row


@router.post(
    "",
    status_code=201,
    response_model=AddressRead,
    responses={
        201: SHOWN[200],
        **problems(NotFound, RoleTooLow, UnknownKind, InvalidValue, AddressExists, QuotaReached),
    },
)
async def add_team_address(
    work: WorkDep, me: Me, team: Changeable, settings: SettingsDep, body: AddressCreate, response: Response
) -> Row[Any]:
    """Add an address of the team."""
    proven = await verified_from_start(work, settings, me.user_id, body.kind)
    row = await addresses.add(work, settings, team, body.kind, body.value, label=body.label, verified_at=proven)
    return _shown(response, row)


@router.get("", response_model=Page[AddressRead], responses=problems(NotFound, InvalidCursor))
async def list_team_addresses(work: WorkDep, team: Readable, page: PageDep) -> dict[str, Any]:
    """List the addresses of the team, the oldest first."""
    return listed(*await addresses.listed(work, team, page))


@router.get("/{address_id}", response_model=AddressRead, responses=SHOWN | problems(NotFound))
async def read_team_address(work: WorkDep, team: Readable, address_id: UUID, response: Response) -> Row[Any]:
    """Read one address of the team."""
    return _shown(response, await addresses.get(work, team, address_id))


@router.patch(
    "/{address_id}",
    response_model=AddressRead,
    responses=SHOWN | problems(NotFound, RoleTooLow, VersionConflict, OptedOut),
)
async def change_team_address(
    work: WorkDep, team: Changeable, address_id: UUID, body: AddressUpdate, versions: IfMatch, response: Response
) -> Row[Any]:
    """Rename, disable or enable an address of the team."""
    return _shown(response, await addresses.change(work, team, address_id, body, versions))


@router.delete("/{address_id}", status_code=204, responses=REFUSALS)
async def remove_team_address(work: WorkDep, team: Changeable, address_id: UUID, versions: IfMatch) -> None:
    """Remove an address of the team; nothing more is sent there."""
    await addresses.remove(work, team, address_id, versions)
