"""`/occurrences`: each by its id."""

from typing import Any
from uuid import UUID

from fastapi import Response

from core.errors import NotFound
from crud import history, lifecycle
from crud.access import RoleTooLow
from crud.history import Shown
from crud.occurrences import NothingToAcknowledge
from crud.pages import InvalidCursor
from routers.answers import SHOWN, listed, tagged
from routers.deps import Me, PageDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.deliveries import DeliveryRead
from schemas.occurrences import Acknowledgement, OccurrenceDetail
from schemas.page import Page

router = resource("occurrences", "/occurrences/{occurrence_id}")


@router.get("", response_model=OccurrenceDetail, responses=SHOWN | problems(NotFound))
async def read_occurrence(work: WorkDep, me: Me, occurrence_id: UUID, response: Response) -> Shown:
    """Read one occurrence, with when each of its recipients has it and what came of that."""
    return tagged(response, await history.occurrence_shown(work, me, occurrence_id))


@router.post(
    "/acknowledge",
    response_model=OccurrenceDetail,
    responses=SHOWN | problems(NotFound, RoleTooLow, NothingToAcknowledge),
)
async def acknowledge_occurrence(
    work: WorkDep, me: Me, occurrence_id: UUID, response: Response, body: Acknowledgement | None = None
) -> Shown:
    """Say that one occurrence is done."""
    note = body.note if body else None
    await lifecycle.acknowledge_one(work, me, occurrence_id, note=note)
    return tagged(response, await history.occurrence_shown(work, me, occurrence_id))


@router.get("/deliveries", response_model=Page[DeliveryRead], responses=problems(NotFound, InvalidCursor))
async def list_occurrence_deliveries(work: WorkDep, me: Me, occurrence_id: UUID, page: PageDep) -> dict[str, Any]:
    """List what was sent of an occurrence, to whom, and what came of it."""
    return listed(*await history.deliveries_of(work, me, occurrence_id, page))
