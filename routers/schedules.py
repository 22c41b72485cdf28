"""`/schedules`: what a schedule would do, without writing anything."""

import asyncio
from typing import Any

from crud.holidays import dates_for_preview
from crud.quick_add import scheduled
from routers.deps import Me, WorkDep
from routers.door import resource
from routers.locales import LocaleDep
from routers.problems import problems
from schedules.base import ScheduleError
from schedules.preview import preview
from schedules.words.parse import planned, understand
from schedules.words.parsing.errors import ImpossibleDate, NoTimeFound, NotUnderstood, NotYet, PastDate
from schemas.parse import ParseRead, ParseRequest, parse_read
from schemas.schedule import PreviewRead, PreviewRequest

router = resource("schedules", "/schedules")


@router.post("/preview", response_model=PreviewRead, responses=problems(ScheduleError))
async def preview_schedule(work: WorkDep, me: Me, body: PreviewRequest) -> dict[str, Any]:
    """Say a schedule in words, and list its next occurrences."""
    days_off = await dates_for_preview(work, me, body.schedule)
    zone = me.timezone or "UTC"
    spec = body.schedule.spec()
    # A hundred occurrences of an unkind rule take a tenth of a second; others are served meanwhile.
    return await asyncio.to_thread(
        preview,
        spec,
        now=work.now,
        after=body.after,
        count=body.count,
        timezone=zone,
        holiday_dates=days_off,
        locale=me.locale,
    )


@router.post(
    "/parse",
    responses=problems(NoTimeFound, NotUnderstood, NotYet, ImpossibleDate, PastDate, ScheduleError),
)
async def parse_schedule(work: WorkDep, me: Me, locale: LocaleDep, body: ParseRequest) -> ParseRead:
    """Understand a sentence, without saving anything; words that are not understood are named and refused."""
    now, zone = body.now or work.now, body.timezone or me.timezone or "UTC"
    found = await asyncio.to_thread(understand, body.text, zone, now)
    days_off = await dates_for_preview(work, me, scheduled(found.spec))
    return parse_read(planned(found, zone, now, locale=locale, holiday_dates=days_off))
