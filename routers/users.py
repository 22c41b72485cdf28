"""The account of whoever is signed in."""

from typing import Any

from fastapi import Response
from sqlalchemy import Row

from crud import accounts
from crud.versions import VersionConflict
from routers.answers import SHOWN
from routers.deps import IfMatch, Person, WorkDep
from routers.door import etag, resource
from routers.problems import problems
from schemas.accounts import UserRead, UserUpdate

router = resource("account", "/users/me")


def _shown(response: Response, row: Row[Any]) -> Row[Any]:
    response.headers["ETag"] = etag(row.version)
    return row


@router.get("", response_model=UserRead, responses=SHOWN)
async def read_me(work: WorkDep, me: Person, response: Response) -> Row[Any]:
    """Read my account."""
    return _shown(response, await accounts.get(work, me.user_id))


@router.patch("", response_model=UserRead, responses=SHOWN | problems(VersionConflict))
async def change_me(work: WorkDep, me: Person, body: UserUpdate, if_match: IfMatch, response: Response) -> Row[Any]:
    """Change my account."""
    return _shown(response, await accounts.change(work, me.user_id, body, if_match))
