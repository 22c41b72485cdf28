"""The dates of the team calendar that a schedule names, copied into it so that schedules need no database."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from core.work import Work
from crud import access, calendar_dates
from crud.access import Actor
from models import calendars, reminders, teams
from schedules.days_off import CALENDAR
from schemas.schedule import ScheduleIn


async def dates_for(work: Work, actor: Actor, schedule: ScheduleIn, team_id: UUID | None) -> list[str] | None:
    """Return the dates (ISO) of the calendar that a new schedule names, which must belong to its team.

    `team_id` None is the person's personal team. None if there is no such calendar, which `plan.save` refuses, and
    without any statement if none is named. The calendar is kept from changing until the commit.
    """
    if (named := calendar_of(schedule)) is None:
        return None
    personal = select(teams.c.id).where(teams.c.personal_of == actor.user_id).scalar_subquery()
    return await _dates(work, actor, named, calendars.c.team_id == (team_id or actor.team_id or personal), keep=True)


async def dates_of(work: Work, actor: Actor, calendar_id: UUID, team_id: UUID) -> list[str] | None:
    """Do what `dates_for` does for a calendar of a team, by its id."""
    return await _dates(work, actor, calendar_id, calendars.c.team_id == team_id, keep=True)


async def dates_for_change(
    work: Work, actor: Actor, schedule: ScheduleIn | None, reminder_id: UUID
) -> list[str] | None:
    """Do what `dates_for` does for the new schedule of a reminder, if there is one.

    To be called before the reminder is locked: a change of the calendar locks calendar and reminders in this order.
    """
    if schedule is None or (named := calendar_of(schedule)) is None:
        return None
    of_reminder = select(reminders.c.team_id).where(access.belongs(reminders, actor), reminders.c.id == reminder_id)
    return await _dates(work, actor, named, calendars.c.team_id.in_(of_reminder), keep=True)


async def dates_for_preview(work: Work, actor: Actor, schedule: ScheduleIn) -> list[str] | None:
    """Return the dates of the calendar that a schedule names, of any team of the person's."""
    if (named := calendar_of(schedule)) is None:
        return None
    return await _dates(work, actor, named, true(), keep=False)


def calendar_of(schedule: ScheduleIn) -> UUID | None:
    """Return the id of the team calendar that a schedule names, or None; it counts only as the API writes it."""
    text = schedule.holidays or ""
    if not text.startswith(CALENDAR):
        return None
    try:
        named = UUID(text.removeprefix(CALENDAR))
    except ValueError:
        return None
    # Stored as it came, it is later looked for by this text.
    return named if text == f"{CALENDAR}{named}" else None


async def _dates(
    work: Work, actor: Actor, calendar_id: UUID, of_team: ColumnElement[bool], *, keep: bool
) -> list[str] | None:
    # Bounded by membership, so that other teams' calendars look as if they were not there.
    statement = access.mine(calendars, actor).where(calendars.c.id == calendar_id, of_team)
    if keep:
        statement = statement.with_for_update(read=True, of=calendars)
    row = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        return None
    # Read after the lock: the statement that waited for it would still see the dates of before.
    return [day.isoformat() for day in await calendar_dates.of(work, row.team_id, row.id)]
