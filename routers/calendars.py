"""`/teams/{team_id}/calendars`: the dates that a team calls holidays."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Depends, Request, Response

from core.errors import NotFound
from core.outbound import AnswerTooLarge, BlockedAddress, HostNotFound, InvalidUrl, NoAnswer, NotReached
from crud import calendar_imports, calendars
from crud.access import RoleTooLow
from crud.calendar_imports import File, NotFetched
from crud.calendars import CalendarInUse, TooManyDates
from crud.mailboxes import EmailNotVerified
from crud.pages import InvalidCursor
from crud.quotas import QuotaReached
from crud.versions import VersionConflict
from routers.answers import SHOWN, listed
from routers.deps import Credentials, IfMatch, Me, PageDep, WorkDep, signed_in
from routers.door import etag, resource
from routers.problems import declare, problem, problems
from schedules.icalendar.blocks import InvalidFile
from schemas.calendars import (
    NO_CALENDAR,
    CalendarAddress,
    CalendarCreate,
    CalendarRead,
    CalendarSource,
    CalendarSummary,
    CalendarUpdate,
    DatesAdd,
    Day,
    ImportRead,
)
from schemas.page import Page

router = resource("calendars", "/teams/{team_id}/calendars")
REFUSALS = problems(NotFound, RoleTooLow, VersionConflict)
MADE: dict[int | str, dict[str, Any]] = {201: SHOWN[200]}
IMPORTED = problems(
    NotFound, RoleTooLow, VersionConflict, InvalidFile, TooManyDates,
    InvalidUrl, BlockedAddress, HostNotFound, NotReached, NoAnswer, AnswerTooLarge, NotFetched,
)  # fmt: skip
declare(IMPORTED, 422, problem(422, NO_CALENDAR[0], f"body: {NO_CALENDAR[1].format()}"))
Source = Annotated[CalendarSource, Body(media_type="text/calendar", description="An iCalendar file (RFC 5545).")]
ADDRESS = {"requestBody": {"content": {"application/json": {"schema": CalendarAddress.model_json_schema()}}}}


async def _brought(
    request: Request, credentials: Credentials, team_id: UUID, calendar_id: UUID, body: Source, versions: IfMatch
) -> File:
    """Return the file that was sent, or fetch the one that was named: before the transaction of the request begins.

    Only for whoever may import it, which a transaction of its own finds out; the one that stores it asks again.
    """
    if isinstance(body, bytes):
        return File(body)
    async with signed_in(request, credentials) as call:
        await calendars.locked(call.work, call.me, team_id, calendar_id, versions)
        if not call.me.proven:
            raise EmailNotVerified
    return await calendar_imports.fetch(request.app.state.outbound, body.url)


def _shown(response: Response, calendar: dict[str, Any]) -> dict[str, Any]:
    response.headers["ETag"] = etag(calendar["version"])
    return calendar


@router.post(
    "", status_code=201, response_model=CalendarRead, responses=MADE | problems(NotFound, RoleTooLow, QuotaReached)
)
async def add_calendar(
    work: WorkDep, me: Me, team_id: UUID, body: CalendarCreate, response: Response
) -> dict[str, Any]:
    """Make a calendar; schedules heed it as `"holidays": "calendar:<id>"`."""
    return _shown(response, await calendars.create(work, me, team_id, body))


@router.get("", response_model=Page[CalendarSummary], responses=problems(NotFound, InvalidCursor))
async def list_calendars(work: WorkDep, me: Me, team_id: UUID, page: PageDep) -> dict[str, Any]:
    """List the calendars of a team, the oldest first, without their dates."""
    return listed(*await calendars.listed(work, me, team_id, page))


@router.get("/{calendar_id}", response_model=CalendarRead, responses=SHOWN | problems(NotFound))
async def read_calendar(work: WorkDep, me: Me, team_id: UUID, calendar_id: UUID, response: Response) -> dict[str, Any]:
    """Read a calendar with all its dates."""
    return _shown(response, await calendars.get(work, me, team_id, calendar_id))


@router.patch("/{calendar_id}", response_model=CalendarRead, responses=SHOWN | REFUSALS)
async def change_calendar(
    work: WorkDep,
    me: Me,
    team_id: UUID,
    calendar_id: UUID,
    body: CalendarUpdate,
    versions: IfMatch,
    response: Response,
) -> dict[str, Any]:
    """Rename a calendar, or give it other dates; reminders that heed it are planned anew."""
    return _shown(response, await calendars.change(work, me, team_id, calendar_id, body, versions=versions))


@router.delete(
    "/{calendar_id}", status_code=204, responses=problems(NotFound, RoleTooLow, VersionConflict, CalendarInUse)
)
async def remove_calendar(work: WorkDep, me: Me, team_id: UUID, calendar_id: UUID, versions: IfMatch) -> None:
    """Remove a calendar that no active or paused reminder heeds."""
    await calendars.remove(work, me, team_id, calendar_id, versions=versions)


@router.post(
    "/{calendar_id}/dates",
    status_code=201,
    response_model=CalendarRead,
    responses=MADE | problems(NotFound, RoleTooLow, VersionConflict, TooManyDates),
)
async def add_calendar_dates(
    work: WorkDep, me: Me, team_id: UUID, calendar_id: UUID, body: DatesAdd, versions: IfMatch, response: Response
) -> dict[str, Any]:
    """Add one date or several; one that is there takes the name given. Reminders are planned anew."""
    wanted = body.listed()
    calendar = await calendars.add(work, me, team_id, calendar_id, wanted, versions=versions)
    return _shown(response, calendar)


@router.delete("/{calendar_id}/dates/{day}", status_code=204, responses=REFUSALS)
async def remove_calendar_date(
    work: WorkDep, me: Me, team_id: UUID, calendar_id: UUID, day: Day, versions: IfMatch
) -> None:
    """Remove one date; reminders are planned anew."""
    await calendars.take_out(work, me, team_id, calendar_id, day, versions=versions)


@router.post("/{calendar_id}/import", response_model=ImportRead, responses=IMPORTED, openapi_extra=ADDRESS)
async def import_calendar(
    file: Annotated[File, Depends(_brought)],
    work: WorkDep,
    me: Me,
    team_id: UUID,
    calendar_id: UUID,
    versions: IfMatch,
) -> dict[str, Any]:
    """Add the dates of an iCalendar file, from two years back to ten years ahead; what is there stays.

    Send the file itself (`text/calendar`), or the address of one (`application/json`), which is fetched once, now.
    """
    return await calendar_imports.import_file(work, me, team_id, calendar_id, file, versions=versions)
