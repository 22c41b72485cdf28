"""`/deliveries`: what was sent, and every attempt at it."""

from typing import Any
from uuid import UUID

from fastapi import Response

from core.errors import NotFound
from crud import history, retries
from crud.access import RoleTooLow
from crud.history import DeliveryFilters, Shown
from crud.pages import InvalidCursor
from crud.retries import NotRetryable
from routers.answers import SHOWN, listed, tagged
from routers.deps import Me, PageDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.deliveries import DeliveryRead, DeliveryStatus
from schemas.page import Page

router = resource("deliveries", "/deliveries")


@router.get("", response_model=Page[DeliveryRead], responses=problems(InvalidCursor))
async def list_deliveries(
    work: WorkDep, me: Me, page: PageDep, status: DeliveryStatus | None = None, reminder_id: UUID | None = None
) -> dict[str, Any]:
    """List the deliveries of all my teams, newest first."""
    filters = DeliveryFilters(status=status, reminder_id=reminder_id)
    return listed(*await history.deliveries_listed(work, me, filters, page))


@router.get("/{delivery_id}", response_model=DeliveryRead, responses=SHOWN | problems(NotFound))
async def read_delivery(work: WorkDep, me: Me, delivery_id: UUID, response: Response) -> Shown:
    """Read one delivery with its attempts."""
    return tagged(response, await history.delivery(work, me, delivery_id))


@router.post(
    "/{delivery_id}/retry", response_model=DeliveryRead, responses=SHOWN | problems(NotFound, RoleTooLow, NotRetryable)
)
async def retry_delivery(work: WorkDep, me: Me, delivery_id: UUID, response: Response) -> Shown:
    """Send a failed delivery again; the answer is the one that is under way now."""
    again = await retries.retry(work, me, delivery_id)
    return tagged(response, await history.delivery(work, me, again))
