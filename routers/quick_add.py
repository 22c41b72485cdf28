"""`/teams/{team_id}/quick-add`: a reminder in one sentence."""

from uuid import UUID

from fastapi import Response

from core.errors import NotFound
from crud import quick_add
from crud.access import RoleTooLow
from crud.audiences import UnknownRecipient
from crud.quick_add import AmbiguousRecipient, NoMessage
from crud.quotas import QuotaReached
from routers.answers import ETAG, created
from routers.deps import Me, WorkDep
from routers.door import resource
from routers.locales import LocaleDep
from routers.problems import problems
from schedules.base import ScheduleError
from schedules.words.parsing.errors import ImpossibleDate, NoTimeFound, NotUnderstood, NotYet, PastDate
from schemas.parse import QuickAdd, QuickAddRead, quick_add_read

router = resource("reminders", "/teams/{team_id}/quick-add")


@router.post(
    "",
    status_code=201,
    responses={
        201: {"headers": ETAG},
        **problems(
            NotFound,
            RoleTooLow,
            UnknownRecipient,
            AmbiguousRecipient,
            NoMessage,
            QuotaReached,
            ScheduleError,
            NoTimeFound,
            NotUnderstood,
            NotYet,
            ImpossibleDate,
            PastDate,
        ),
    },
)
async def quick_add_reminder(
    work: WorkDep, me: Me, team_id: UUID, locale: LocaleDep, body: QuickAdd, response: Response
) -> QuickAddRead:
    """Create a reminder from a sentence; what was understood comes back with it, and the request that undoes it."""
    made, parsed = await quick_add.create(work, me, team_id, body.text, timezone=body.timezone, locale=locale)
    return quick_add_read(created(response, made, locale or parsed.language), parsed)
