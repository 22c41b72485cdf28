"""`/reminders`: all of mine, and each by its id."""

from uuid import UUID

from fastapi import Response

from core.errors import NotFound
from crud import changes, lifecycle, reminder_lists, reminders
from crud.access import RoleTooLow
from crud.audiences import UnknownRecipient
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.reminders import KeyTaken
from crud.versions import VersionConflict
from routers.answers import CREATED, SHOWN, created, page_of, shown
from routers.deps import IfMatch, Me, PageDep, WorkDep
from routers.door import resource
from routers.problems import problems
from routers.reminder_queries import FiltersDep, SortBy
from schedules.base import ScheduleError
from schemas.page import Page
from schemas.reminder_read import ReminderRead
from schemas.reminders import MyReminderCreate, ReminderUpdate

router = resource("reminders", "/reminders")


@router.post(
    "",
    status_code=201,
    responses=CREATED | problems(NotFound, RoleTooLow, KeyTaken, UnknownRecipient, QuotaReached, ScheduleError),
)
async def create_reminder(work: WorkDep, me: Me, body: MyReminderCreate, response: Response) -> ReminderRead:
    """Create a reminder in the personal team, or in the one that is named."""
    return created(response, await reminders.create(work, me, body.team_id, body, own_zone=me.timezone), me.locale)


@router.get("", responses=problems(InvalidCursor))
async def list_reminders(
    work: WorkDep, me: Me, filters: FiltersDep, page: PageDep, sort: SortBy = "next_run_at"
) -> Page[ReminderRead]:
    """List the reminders of all my teams."""
    return page_of(*await reminder_lists.listed(work, me, None, filters, sort, page), locale=me.locale)


@router.get("/{reminder_id}", responses=SHOWN | problems(NotFound))
async def read_reminder(work: WorkDep, me: Me, reminder_id: UUID, response: Response) -> ReminderRead:
    """Read one reminder."""
    return shown(response, await reminders.get(work, me, reminder_id), me.locale)


@router.patch(
    "/{reminder_id}",
    responses=SHOWN
    | problems(NotFound, RoleTooLow, VersionConflict, KeyTaken, UnknownRecipient, QuotaReached, ScheduleError),
)
async def change_reminder(
    work: WorkDep, me: Me, reminder_id: UUID, body: ReminderUpdate, versions: IfMatch, response: Response
) -> ReminderRead:
    """Change a reminder; a changed schedule is planned from now on."""
    row = await changes.change(work, me, reminder_id, body, versions=versions, own_zone=me.timezone)
    return shown(response, row, me.locale)


@router.delete("/{reminder_id}", status_code=204, responses=problems(NotFound, RoleTooLow, VersionConflict))
async def delete_reminder(work: WorkDep, me: Me, reminder_id: UUID, versions: IfMatch) -> None:
    """Delete a reminder; it can be restored."""
    await lifecycle.delete(work, me, reminder_id, versions=versions)
