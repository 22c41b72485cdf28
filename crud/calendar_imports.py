"""Dates of an iCalendar file put into a calendar, from whoever sends it or from an address."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from core.errors import Invalid
from core.outbound import BlockedAddress, InvalidUrl, Outbound, OutboundFailed
from core.work import Work
from crud import access, calendar_dates, calendars
from crud.access import Actor
from crud.versions import Expected
from schedules.icalendar.blocks import InvalidFile
from schedules.icalendar.dates import dates_of
from schedules.zones import zone

log = structlog.get_logger()


MOST_BYTES: Final = 256 * 1024
"""The same for a file that is fetched as for one that is sent."""
_OK: Final = 200
_REDIRECTS: Final = range(300, 400)
_ACCEPT: Final = {"Accept": "text/calendar, */*;q=0.1"}


class NotFetched(Invalid):
    """The server at this address answered, but not with a file."""

    code = "not_fetched"


@dataclass(frozen=True, slots=True)
class File:
    """The content of a file, and the field of the request that is to blame for it."""

    content: bytes
    field: str = "body"


async def fetch(outbound: Outbound, url: str) -> File:
    """Fetch a file from an address that somebody named; to be awaited while no transaction is open.

    Raises InvalidUrl, BlockedAddress, OutboundFailed and NotFetched, which name the field `url`.
    """
    # What calendar programs write for `subscribe` instead of `download`.
    if url[:9].lower() == "webcal://":
        url = f"https://{url[9:]}"
    try:
        answer = await outbound.request("GET", url, headers=_ACCEPT, most=MOST_BYTES)
    except (InvalidUrl, BlockedAddress, OutboundFailed) as error:
        error.field = "url"
        raise
    if answer.status in _REDIRECTS:
        message = "this address leads on to another one; open it in a browser and name that one"
        raise NotFetched(message, field="url")
    if answer.status != _OK:
        message = f"the server answered with the status {answer.status} instead of a file"
        raise NotFetched(message, field="url")
    return File(answer.body, "url")


async def import_file(
    work: Work, actor: Actor, team_id: UUID, calendar_id: UUID, file: File, *, versions: Expected
) -> dict[str, Any]:
    """Add the dates of a file to a calendar, and return how many were `added`, `unchanged` and `skipped`.

    What is there keeps its name, so that repeating an import changes nothing. Raises NotFound, RoleTooLow,
    VersionConflict, InvalidFile, TooManyDates; then nothing is stored.
    """
    team = await access.member(work, actor, team_id, calendars.MAY_CHANGE)
    try:
        # A hostile file can take a second; neither other requests nor the calendar's lock wait for that.
        found = await asyncio.to_thread(dates_of, file.content, today=work.now.date(), zone=zone(team.timezone))
    except InvalidFile as error:
        error.field = file.field
        raise
    row = await calendars.locked(work, actor, team_id, calendar_id, versions)
    before = await calendar_dates.of(work, team_id, calendar_id)
    await calendars.store(work, row, before, {**found.dates, **before}, field=file.field)
    added = len(found.dates.keys() - before.keys())
    log.info("calendar.imported", calendar_id=str(calendar_id), added=added, skipped=found.skipped)
    return {"added": added, "unchanged": len(found.dates) - added, "skipped": found.skipped}
