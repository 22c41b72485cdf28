"""Team calendars: named dates, and the schedules that heed them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, Select, delete, func, insert, select, update

from core.errors import Conflict, Invalid, NotFound
from core.work import About, Work
from crud import access, calendar_dates, quotas, replans
from crud.access import Actor
from crud.pages import PageRequest, Sort, cut, paginate
from crud.versions import Expected, check
from models import calendar_dates as table_of_dates
from models import calendars, teams
from schemas.calendars import CalendarCreate, CalendarUpdate, NamedDate
from schemas.teams import Role

log = structlog.get_logger()

MOST_DATES: Final = 1_000
MAY_CHANGE: Final[Role] = "admin"
_OLDEST = Sort(calendars.c.created_at, calendars.c.id)
_COUNT = (
    select(func.count())
    .where(table_of_dates.c.team_id == calendars.c.team_id, table_of_dates.c.calendar_id == calendars.c.id)
    .scalar_subquery()
    .label("date_count")
)


class TooManyDates(Invalid):
    """A calendar holds 1000 dates at most; spread them over several calendars, or remove past ones."""

    code = "too_many_dates"


class CalendarInUse(Conflict):
    """Reminders heed this calendar; name another one in their schedules, or delete them, first."""

    code = "calendar_in_use"


def _mine(actor: Actor, team_id: UUID, calendar_id: UUID) -> Select[Any]:
    which = (calendars.c.team_id == team_id, calendars.c.id == calendar_id)
    return access.mine(calendars, actor).where(*which)


async def listed(work: Work, actor: Actor, team_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a page of a team's calendars, the oldest first, without their dates; raises NotFound."""
    await access.member(work, actor, team_id)
    own = select(calendars, _COUNT).where(calendars.c.team_id == team_id)
    return cut((await work.conn.execute(paginate(own, _OLDEST, page))).all(), _OLDEST, page)


async def get(work: Work, actor: Actor, team_id: UUID, calendar_id: UUID) -> dict[str, Any]:
    """Return a calendar with its dates; raises NotFound."""
    row = await access.found(work, _mine(actor, team_id, calendar_id), what="calendar")
    return _shown(row, await calendar_dates.of(work, team_id, calendar_id))


async def locked(work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, expected: Expected = None) -> Row[Any]:
    """Lock a calendar that the person may change, against other changes and against schedules that would heed it.

    Raises NotFound, RoleTooLow, VersionConflict.
    """
    statement = _mine(actor, team_id, calendar_id).with_for_update(of=calendars)
    row = await access.found(work, statement, what="calendar", at_least=MAY_CHANGE)
    check(row.version, expected)
    return row


async def create(work: Work, actor: Actor, team_id: UUID, wanted: CalendarCreate) -> dict[str, Any]:
    """Add a calendar to a team. Raises NotFound, RoleTooLow, QuotaReached."""
    await access.member(work, actor, team_id, MAY_CHANGE)
    # Two at once would both find room for the last one.
    await work.conn.execute(select(teams.c.id).where(teams.c.id == team_id).with_for_update(key_share=True))
    made = insert(calendars).values(team_id=team_id, name=wanted.name).returning(calendars)
    row = (await work.conn.execute(made)).one()
    dates = _named(wanted.dates)
    await calendar_dates.write(work, team_id, row.id, {}, dates)
    await quotas.check(work, "calendars", team_id)
    _note(work, row, "created")
    return _shown(row, dates)


async def change(
    work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, wanted: CalendarUpdate, *, versions: Expected
) -> dict[str, Any]:
    """Change the name of a calendar, or all its dates. Raises NotFound, RoleTooLow, VersionConflict."""
    row = await locked(work, actor, team_id, calendar_id, versions)
    before = await calendar_dates.of(work, team_id, calendar_id)
    sent = wanted.model_fields_set
    dates = _named(wanted.dates) if "dates" in sent else before
    return await store(work, row, before, dates, name=wanted.name if "name" in sent else row.name)


async def add(
    work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, wanted: list[NamedDate], *, versions: Expected
) -> dict[str, Any]:
    """Add dates to a calendar; one that is there takes the name given.

    Raises NotFound, RoleTooLow, VersionConflict, TooManyDates.
    """
    row = await locked(work, actor, team_id, calendar_id, versions)
    before = await calendar_dates.of(work, team_id, calendar_id)
    return await store(work, row, before, {**before, **_named(wanted)})


async def take_out(
    work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, day: date, *, versions: Expected
) -> None:
    """Remove one date from a calendar. Raises NotFound, RoleTooLow, VersionConflict."""
    row = await locked(work, actor, team_id, calendar_id, versions)
    before = await calendar_dates.of(work, team_id, calendar_id)
    if day not in before:
        message = "there is no such date in this calendar"
        raise NotFound(message)
    await store(work, row, before, {each: name for each, name in before.items() if each != day})


async def store(
    work: Work,
    row: Row[Any],
    before: Mapping[date, str | None],
    dates: Mapping[date, str | None],
    *,
    name: str | None = None,
    field: str = "dates",
) -> dict[str, Any]:
    """Give a locked calendar the dates (and the name) it is to have, and plan anew what heeds it; return it.

    `before` are the dates it has. The version grows if anything changes. Raises TooManyDates, naming `field`.
    """
    name = row.name if name is None else name
    if len(dates) > MOST_DATES:
        message = f"the calendar would have {len(dates)} dates; it holds {MOST_DATES} at most"
        raise TooManyDates(message, field=field)
    if name == row.name and dates == before:
        return _shown(row, before)
    await calendar_dates.write(work, row.team_id, row.id, before, dates)
    values = {"name": name, "version": calendars.c.version + 1, "updated_at": work.now}
    which = (calendars.c.team_id == row.team_id, calendars.c.id == row.id)
    changed = (await work.conn.execute(update(calendars).where(*which).values(values).returning(calendars))).one()
    _note(work, changed, "changed", [*(["dates"] if dates != before else []), *(["name"] if name != row.name else [])])
    if before.keys() != dates.keys():
        await replans.after_change(work, row.team_id, row.id, sorted(before), sorted(dates))
    return _shown(changed, dates)


async def remove(work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, *, versions: Expected) -> None:
    """Remove a calendar that no active or paused reminder heeds.

    Raises NotFound, RoleTooLow, VersionConflict, CalendarInUse.
    """
    row = await locked(work, actor, team_id, calendar_id, versions)
    if users := await replans.heeding(work, team_id, calendar_id):
        message = f"{users} active or paused reminders heed it; change their schedules or delete them first"
        raise CalendarInUse(message)
    await work.conn.execute(delete(calendars).where(calendars.c.team_id == team_id, calendars.c.id == row.id))
    _note(work, row, "removed")
    log.info("calendar.removed", calendar_id=str(row.id))


def _note(work: Work, row: Row[Any], action: str, fields: Sequence[str] = ()) -> None:
    about: About = {"team_id": row.team_id, "object_type": "calendar", "object_id": row.id, "fields": fields}
    work.note(f"calendar.{action}", **about)


def _named(dates: list[NamedDate]) -> dict[date, str | None]:
    return {each.date: each.name for each in dates}


def _shown(row: Row[Any], dates: Mapping[date, str | None]) -> dict[str, Any]:
    listing = [{"date": day, "name": dates[day]} for day in sorted(dates)]
    own = {column.key: getattr(row, column.key) for column in calendars.c}
    return {**own, "date_count": len(dates), "dates": listing}
