"""`/users`: people whom one shares a team with, and all accounts for operators."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlalchemy import Row

from core.errors import Forbidden, NotFound
from crud import deactivation, people
from crud.deactivation import LastOperator
from crud.pages import InvalidCursor
from crud.people import PeopleFilters
from crud.principals import Principal
from routers.answers import SHOWN
from routers.deps import PageDep, Person, SettingsDep, WorkDep
from routers.door import etag, resource
from routers.problems import problems
from schemas.accounts import AccountState, PersonRead
from schemas.base import Text
from schemas.page import Page

router = resource("people", "/users")


class OperatorsOnly(Forbidden):
    """Only operators of this installation may do this."""

    code = "operators_only"


async def _operator(me: Person) -> Principal:
    if not me.is_operator:
        raise OperatorsOnly
    return me


async def _filters(
    q: Annotated[Annotated[str, Text(100)] | None, Query(description="Part of the name or mail address.")] = None,
    status: Annotated[Literal["active", "deactivated"] | None, Query()] = None,
) -> PeopleFilters:
    return PeopleFilters(q, status)


OPERATOR = Depends(_operator, scope="function")


def _read(row: Row[tuple[object, ...]]) -> PersonRead:
    values = row._asdict()
    state = {name: values[name] for name in AccountState.model_fields} if row.account else None
    return PersonRead.model_validate({"id": row.id, "email": row.email, "name": row.name, "account": state})


def _shown(response: Response, row: Row[tuple[object, ...]]) -> PersonRead:
    response.headers["ETag"] = etag(row.version)
    return _read(row)


@router.get("", responses=problems(OperatorsOnly, InvalidCursor), dependencies=[OPERATOR])
async def list_people(
    work: WorkDep, filters: Annotated[PeopleFilters, Depends(_filters)], page: PageDep
) -> Page[PersonRead]:
    """List all accounts, the oldest first; for operators."""
    rows, cursor = await people.listed(work, filters, page)
    return Page[PersonRead](items=[_read(row) for row in rows], next_cursor=cursor)


@router.get("/{user_id}", responses=SHOWN | problems(NotFound))
async def read_person(work: WorkDep, me: Person, user_id: UUID, response: Response) -> PersonRead:
    """Read who somebody is with whom you share a team; operators can read anybody."""
    return _shown(response, await people.seen_by(work, me, user_id))


@router.post(
    "/{user_id}/deactivate",
    responses=SHOWN | problems(OperatorsOnly, NotFound, LastOperator),
    dependencies=[OPERATOR],
)
async def deactivate_person(work: WorkDep, settings: SettingsDep, user_id: UUID, response: Response) -> PersonRead:
    """Shut somebody out: sessions end, API keys stop working, nothing more is sent to them; for operators."""
    return _shown(response, await deactivation.deactivate(work, settings, user_id))


@router.post("/{user_id}/activate", responses=SHOWN | problems(OperatorsOnly, NotFound), dependencies=[OPERATOR])
async def activate_person(work: WorkDep, user_id: UUID, response: Response) -> PersonRead:
    """Let somebody in again; for operators."""
    return _shown(response, await deactivation.activate(work, user_id))
