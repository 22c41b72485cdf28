"""`/reminders/{id}/...`: what one does with a reminder, and what has become of it."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Row

from core.errors import NotFound
from crud import history, lifecycle
from crud.access import RoleTooLow
from crud.lifecycle import WrongState
from crud.occurrences import NothingToAcknowledge
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.reminders import KeyTaken
from routers.answers import SHOWN, listed, shown, tagged
from routers.deps import Me, PageDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.occurrences import Acknowledgement, OccurrenceRead, OccurrenceStatus, Pause
from schemas.page import Page
from schemas.reminder_read import ReminderRead

router = resource("reminders", "/reminders/{reminder_id}")


@router.post("/pause", responses=SHOWN | problems(NotFound, RoleTooLow, WrongState))
async def pause_reminder(
    work: WorkDep, me: Me, reminder_id: UUID, response: Response, body: Pause | None = None
) -> ReminderRead:
    """Pause a reminder, until an instant or until it is resumed."""
    rest = body or Pause()
    row = await lifecycle.pause(work, me, reminder_id, until=rest.until, reason=rest.reason)
    return shown(response, row, me.locale)


@router.post("/resume", responses=SHOWN | problems(NotFound, RoleTooLow, WrongState, KeyTaken, QuotaReached))
async def resume_reminder(work: WorkDep, me: Me, reminder_id: UUID, response: Response) -> ReminderRead:
    """Resume a paused reminder."""
    return shown(response, await lifecycle.resume(work, me, reminder_id), me.locale)


@router.post("/skip", responses=SHOWN | problems(NotFound, RoleTooLow, WrongState))
async def skip_reminder(work: WorkDep, me: Me, reminder_id: UUID, response: Response) -> ReminderRead:
    """Skip the next occurrence."""
    return shown(response, await lifecycle.skip(work, me, reminder_id), me.locale)


@router.post("/restore", responses=SHOWN | problems(NotFound, RoleTooLow, KeyTaken, QuotaReached))
async def restore_reminder(work: WorkDep, me: Me, reminder_id: UUID, response: Response) -> ReminderRead:
    """Bring back a deleted reminder."""
    return shown(response, await lifecycle.restore(work, me, reminder_id), me.locale)


@router.post("/run", response_model=OccurrenceRead, responses=SHOWN | problems(NotFound, RoleTooLow, WrongState))
async def run_reminder(work: WorkDep, me: Me, reminder_id: UUID, response: Response) -> Row[Any]:
    """Fire a reminder now, beside its schedule."""
    return tagged(response, await lifecycle.run(work, me, reminder_id))


@router.post(
    "/acknowledge",
    response_model=OccurrenceRead,
    responses=SHOWN | problems(NotFound, RoleTooLow, NothingToAcknowledge),
)
async def acknowledge_reminder(
    work: WorkDep, me: Me, reminder_id: UUID, response: Response, body: Acknowledgement | None = None
) -> Row[Any]:
    """Say that all open occurrences are done; the answer is the latest."""
    note = body.note if body else None
    return tagged(response, await lifecycle.acknowledge(work, me, reminder_id, note=note))


@router.get("/occurrences", response_model=Page[OccurrenceRead], responses=problems(NotFound, InvalidCursor))
async def list_occurrences(
    work: WorkDep, me: Me, reminder_id: UUID, page: PageDep, status: OccurrenceStatus | None = None
) -> dict[str, Any]:
    """List the occurrences of a reminder, latest first."""
    return listed(*await history.occurrences_of(work, me, reminder_id, status, page))
