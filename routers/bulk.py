"""`/teams/{team_id}/...`: many reminders or deliveries by one request."""

from typing import Any
from uuid import UUID

from fastapi import Response

from core.errors import NotFound
from crud import bulk, bulk_actions, bulk_retries, planning
from crud.access import RoleTooLow
from crud.audiences import UnknownRecipient
from crud.bulk_plans import TooMuchToPlan
from crud.lifecycle import WrongState
from crud.occurrences import NothingToAcknowledge
from crud.quotas import QuotaReached
from crud.reminders import Created, KeyTaken
from routers.deps import Me, WorkDep
from routers.door import resource
from routers.problems import problems
from schedules.base import ScheduleError
from schemas.bulk import Action, BulkAction, BulkCreate, BulkCreated, BulkDone, BulkItem, BulkRetried, BulkRetry
from schemas.reminder_read import read

router = resource("reminders", "/teams/{team_id}/reminders/bulk")
deliveries_router = resource("deliveries", "/teams/{team_id}/deliveries")
CREATED: dict[int | str, dict[str, Any]] = {
    200: {"model": BulkCreated, "description": "Each of them was there before."}
}


def _item(made: Created, locale: str) -> BulkItem:
    shown = read(made.row, locale)
    return BulkItem.model_construct(**dict(shown), replayed=made.replayed)


@router.post(
    "",
    status_code=201,
    responses=CREATED
    | problems(NotFound, RoleTooLow, KeyTaken, QuotaReached, UnknownRecipient, TooMuchToPlan, ScheduleError),
)
async def create_reminders(work: WorkDep, me: Me, team_id: UUID, body: BulkCreate, response: Response) -> BulkCreated:
    """Create up to 500 reminders, all or none; `errors` names what is wrong with which."""
    made = await bulk.create(work, me, team_id, body.reminders, own_zone=me.timezone)
    if all(each.replayed for each in made):
        response.status_code = 200
    items = await planning.beside(lambda: [_item(each, me.locale) for each in made], len(made))
    return BulkCreated.model_construct(items=items)


@router.post(
    "/{action}",
    responses=problems(NotFound, RoleTooLow, WrongState, KeyTaken, QuotaReached, NothingToAcknowledge),
)
async def change_reminders(work: WorkDep, me: Me, team_id: UUID, action: Action, body: BulkAction) -> BulkDone:
    """Do one thing with up to 500 reminders of a team, all or none; `errors` names those that are in the way."""
    rows = await bulk_actions.perform(work, me, team_id, action, body)
    items = await planning.beside(lambda: [read(row._asdict(), me.locale) for row in rows], len(rows))
    return BulkDone.model_construct(items=items)


@deliveries_router.post("/retry", response_model=BulkRetried, responses=problems(NotFound, RoleTooLow))
async def retry_deliveries(work: WorkDep, me: Me, team_id: UUID, body: BulkRetry | None = None) -> dict[str, Any]:
    """Send up to 500 failed deliveries of a team again, the oldest first; those that cannot be are left out."""
    items, more = await bulk_retries.retry(work, me, team_id, body or BulkRetry())
    return {"items": items, "more": more}
