"""`/schedules`: what a schedule would do, without writing anything."""

from typing import Any

from routers.deps import Me, WorkDep
from routers.door import resource
from routers.problems import problems
from schedules.base import ScheduleError
from schedules.preview import preview
from schemas.schedule import PreviewRead, PreviewRequest

router = resource("schedules", "/schedules")


@router.post("/preview", response_model=PreviewRead, responses=problems(ScheduleError))
async def preview_schedule(work: WorkDep, me: Me, body: PreviewRequest) -> dict[str, Any]:
    """Say a schedule in words, and list its next occurrences."""
    zone = me.timezone or "UTC"
    return preview(body.schedule.spec(), now=work.now, after=body.after, count=body.count, timezone=zone)
