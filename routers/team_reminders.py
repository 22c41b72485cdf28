"""`/teams/{team_id}/reminders`: the reminders of one team."""

from uuid import UUID

from fastapi import Response

from core.errors import NotFound
from crud import reminder_lists, reminders
from crud.access import RoleTooLow
from crud.audiences import UnknownRecipient
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.reminders import KeyTaken
from routers.answers import CREATED, created, page_of
from routers.deps import Me, PageDep, WorkDep
from routers.door import resource
from routers.problems import problems
from routers.reminder_queries import FiltersDep, SortBy
from schedules.base import ScheduleError
from schemas.page import Page
from schemas.reminder_read import ReminderRead
from schemas.reminders import ReminderCreate

router = resource("reminders", "/teams/{team_id}/reminders")


@router.post(
    "",
    status_code=201,
    responses=CREATED | problems(NotFound, RoleTooLow, KeyTaken, UnknownRecipient, QuotaReached, ScheduleError),
)
async def create_team_reminder(
    work: WorkDep, me: Me, team_id: UUID, body: ReminderCreate, response: Response
) -> ReminderRead:
    """Create a reminder in a team; an active one with the same natural key is answered instead."""
    return created(response, await reminders.create(work, me, team_id, body, own_zone=me.timezone), me.locale)


@router.get("", responses=problems(NotFound, InvalidCursor))
async def list_team_reminders(
    work: WorkDep, me: Me, team_id: UUID, filters: FiltersDep, page: PageDep, sort: SortBy = "next_run_at"
) -> Page[ReminderRead]:
    """List the reminders of a team."""
    return page_of(*await reminder_lists.listed(work, me, team_id, filters, sort, page), locale=me.locale)
