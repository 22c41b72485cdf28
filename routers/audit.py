"""`/teams/{team_id}/audit`: who did what in a team."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import Row

from core.errors import NotFound
from crud import audit
from crud.access import RoleTooLow
from crud.audit import AuditFilters
from crud.pages import InvalidCursor
from routers.answers import listed
from routers.deps import PageDep, Person, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.audit import AuditEntry
from schemas.base import Instant
from schemas.page import Page

router = resource("teams", "/teams/{team_id}/audit")
ERASED = "erased"


async def _filters(
    actor: Annotated[UUID | None, Query(description="What this person, or a program of theirs, did.")] = None,
    action: Annotated[str | None, Query(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=100)] = None,
    object_id: Annotated[UUID | None, Query(alias="object", description="The id of what it was done to.")] = None,
    since: Annotated[Instant | None, Query(alias="from", description="From this instant on.")] = None,
    until: Annotated[Instant | None, Query(alias="to", description="Up to this instant, which is left out.")] = None,
) -> AuditFilters:
    return AuditFilters(actor, action, object_id, since, until)


def _entry(row: Row[Any]) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in AuditEntry.model_fields if name != "actor"}
    actor = {"id": row.user_id, "name": row.user_name or ERASED, "api_key": row.key_public_id}
    return shown | {"actor": actor if row.user_id else None}


@router.get("", response_model=Page[AuditEntry], responses=problems(NotFound, RoleTooLow, InvalidCursor))
async def list_audit(
    work: WorkDep, me: Person, team_id: UUID, filters: Annotated[AuditFilters, Depends(_filters)], page: PageDep
) -> dict[str, Any]:
    """List what was done in a team, the latest first."""
    rows, cursor = await audit.listed(work, me, team_id, filters, page)
    return listed([_entry(row) for row in rows], cursor)
