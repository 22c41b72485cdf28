"""`/users/me/addresses`: where I can be reached."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import addresses
from crud.addresses import AddressExists, InvalidValue, Owner, UnknownKind, verified_from_start
from crud.opt_outs import OptedOut
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.versions import VersionConflict
from routers.answers import SHOWN, listed
from routers.deps import IfMatch, PageDep, Person, SettingsDep, WorkDep
from routers.door import etag, resource
from routers.problems import problems
from schemas.addresses import AddressCreate, AddressRead, AddressUpdate
from schemas.page import Page

router = resource("addresses", "/users/me/addresses")


def _shown(response: Response, row: Row[Any]) -> Row[Any]:
    response.headers["ETag"] = etag(row.version)
    return row


@router.post(
    "",
    status_code=201,
    response_model=AddressRead,
    responses={201: SHOWN[200], **problems(UnknownKind, InvalidValue, AddressExists, QuotaReached)},
)
async def add_address(
    work: WorkDep, me: Person, settings: SettingsDep, body: AddressCreate, response: Response
) -> Row[Any]:
    """Add one of my addresses."""
    proven = await verified_from_start(work, settings, me.user_id, body.kind)
    owner = Owner(user_id=me.user_id)
    row = await addresses.add(work, settings, owner, body.kind, body.value, label=body.label, verified_at=proven)
    return _shown(response, row)


@router.get("", response_model=Page[AddressRead], responses=problems(InvalidCursor))
async def list_addresses(work: WorkDep, me: Person, page: PageDep) -> dict[str, Any]:
    """List my addresses, the oldest first."""
    return listed(*await addresses.listed(work, Owner(user_id=me.user_id), page))


@router.get("/{address_id}", response_model=AddressRead, responses=SHOWN | problems(NotFound))
async def read_address(work: WorkDep, me: Person, address_id: UUID, response: Response) -> Row[Any]:
    """Read one of my addresses."""
    return _shown(response, await addresses.get(work, Owner(user_id=me.user_id), address_id))


@router.patch(
    "/{address_id}", response_model=AddressRead, responses=SHOWN | problems(NotFound, VersionConflict, OptedOut)
)
async def change_address(
    work: WorkDep, me: Person, address_id: UUID, body: AddressUpdate, if_match: IfMatch, response: Response
) -> Row[Any]:
    """Rename, disable or enable one of my addresses."""
    return _shown(response, await addresses.change(work, Owner(user_id=me.user_id), address_id, body, if_match))


@router.delete("/{address_id}", status_code=204, responses=problems(NotFound, VersionConflict))
async def remove_address(work: WorkDep, me: Person, address_id: UUID, if_match: IfMatch) -> Response:
    """Remove one of my addresses; nothing more is sent there."""
    await addresses.remove(work, Owner(user_id=me.user_id), address_id, if_match)
    return Response(status_code=204)
