"""Dates of an iCalendar file put into a calendar."""

import asyncio
from typing import Any
from uuid import UUID

import structlog

from core.work import Work
from crud import access, calendar_dates, calendars
from crud.access import Actor
from crud.versions import Expected
from schedules.icalendar.dates import dates_of
from schedules.zones import zone

log = structlog.get_logger()


async def import_file(
    work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, content: bytes, *, versions: Expected
) -> dict[str, Any]:
    """Add the dates of a file to a calendar, and return how many were `added`, `unchanged` and `skipped`.

    What is there keeps its name, so that repeating an import changes nothing. Raises NotFound, RoleTooLow,
    VersionConflict, InvalidFile, TooManyDates; then nothing is stored.
    """
    team = await access.member(work, actor, team_id, calendars.MAY_CHANGE)
    # A hostile file can take a second; neither other requests nor the calendar's lock wait for that.
    found = await asyncio.to_thread(dates_of, content, today=work.now.date(), zone=zone(team.timezone))
    row = await calendars.locked(work, actor, team_id, calendar_id, versions)
    before = await calendar_dates.of(work, team_id, calendar_id)
    await calendars.store(work, row, before, {**found.dates, **before}, field="body")
    added = len(found.dates.keys() - before.keys())
    log.info("calendar.imported", calendar_id=str(calendar_id), added=added, skipped=found.skipped)
    return {"added": added, "unchanged": len(found.dates) - added, "skipped": found.skipped}
