"""`/users/me`, as the law has it: everything about me as a file, and everything about me erased."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from core.clock import iso
from core.passwords import Busy
from core.work import begin
from crud import erasure, exports, limits, reauthentication
from crud.erasure import SoleOwner
from crud.exports import Position, Section
from crud.limits import TooManyAttempts
from crud.reauthentication import PasswordNeeded, WrongPassword
from crud.versions import VersionConflict
from routers.deps import IfMatch, Kept, Person, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.accounts import Erasure
from schemas.exports import FORMAT, VERSION, schema, written

router = resource("account", "/users/me")

EXPORTS_AN_HOUR: Final = 10
_SHAPE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"application/json": {"schema": schema(section.name for section in exports.SECTIONS)}},
        "description": "A file that ends with `complete: true`, or was cut off.",
    }
}


@router.get("/export", response_class=StreamingResponse, responses=_SHAPE | problems(TooManyAttempts))
async def export_me(work: WorkDep, me: Person, settings: SettingsDep, request: Request) -> StreamingResponse:
    """Get everything that is kept about me, as one JSON file; ten times an hour."""
    per = timedelta(hours=1)
    refusal = await limits.hit(work, settings, "export", str(me.user_id), free=EXPORTS_AN_HOUR, per=per)
    if refusal is not None:
        raise refusal
    work.note("account.exported", object_type="user", object_id=me.user_id)
    content = _file(request.app.state.database, me.user_id, work.now)
    named = {"Content-Disposition": 'attachment; filename="team-reminders.json"'}
    return StreamingResponse(content, media_type="application/json", headers=named)


async def _file(database: AsyncEngine, user_id: UUID, now: datetime) -> AsyncIterator[str]:
    """Yield an export piece by piece; whoever reads slowly holds no connection meanwhile."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "exported_at": "{iso(now)}"'
    for section in exports.SECTIONS:
        yield f',\n"{section.name}": ['
        between = ""
        async for rows in _windows(database, section, user_id):
            yield between + ",\n".join(written(row._asdict()) for row in rows)
            between = ",\n"
        yield "]"
    yield ',\n"complete": true}\n'


async def _windows(database: AsyncEngine, section: Section, user_id: UUID) -> AsyncIterator[Sequence[Row[Any]]]:
    after: Position | None = None
    while True:
        async with begin(database) as work:
            rows, after = await exports.window(work, section, user_id, after)
        if rows:
            yield rows
        if after is None:
            return


@router.delete(
    "",
    status_code=204,
    responses=problems(VersionConflict, WrongPassword, PasswordNeeded, SoleOwner, TooManyAttempts, Busy),
)
async def erase_me(
    work: WorkDep, me: Person, settings: SettingsDep, if_match: IfMatch, body: Erasure | None = None
) -> Response:
    """Erase my account for good, with addresses, keys and the personal team. Export first: there is no way back.

    The password may be left out within five minutes after signing in.
    """
    if body is not None:
        refusal = await reauthentication.refusal(work, settings, me, body.password.get_secret_value())
        if refusal is not None:
            raise Kept(refusal)
    elif not await reauthentication.fresh(work, me):
        raise PasswordNeeded(field="password")
    await erasure.erase(work, settings, me.user_id, if_match)
    return Response(status_code=204)
