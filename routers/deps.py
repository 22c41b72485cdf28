"""What routes ask for, as annotated names.

    async def read(work: WorkDep, me: Me, reminder_id: UUID) -> ReminderRead: ...

`WorkDep` is one transaction, committed before the answer leaves, of somebody who is signed in. FastAPI's
default would commit after the answer: everything that commits is scoped to the function.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.api_keys import KeyClaims
from core.crash import crash_point
from core.errors import DomainError, Forbidden, Unavailable
from core.settings import Settings
from core.tokens import Claims
from core.work import Who, Work
from crud import audit, idempotency, principals
from crud.access import RoleTooLow
from crud.idempotency import NOBODY, Answer, Attempt
from crud.mailboxes import EmailNotVerified
from crud.pages import PageRequest
from crud.principals import Principal
from routers import callers
from routers.door import Replay, expected_versions
from routers.locales import locale
from schemas.base import EARLIEST


class AccessToken(OAuth2PasswordBearer):
    """Reads the access token or API key of a request, before any connection is taken.

    Strangers must not use up the pool.
    """

    async def __call__(self, request: Request) -> Claims | KeyClaims:  # type: ignore[override]  # it goes one step further
        """Return what the token or the API key says; raises NotSignedIn."""
        return callers.read_bearer(request)


bearer = AccessToken(tokenUrl="/api/v1/auth/token", refreshUrl="/api/v1/auth/refresh", scheme_name="Bearer")


class Kept(Exception):
    """A refusal whose trace must persist: the door commits, and then refuses."""

    def __init__(self, refusal: DomainError) -> None:
        super().__init__()
        self.refusal = refusal


class NotForKeys(Forbidden):
    """An API key cannot do this; sign in as a person."""

    code = "not_for_api_keys"


class NotCommitted(Unavailable):
    """The database did not confirm the change; repeat the request, best with an Idempotency-Key."""

    code = "not_committed"


@dataclass(frozen=True, slots=True)
class Call:
    """A request of somebody who is signed in."""

    work: Work
    me: Principal


def settings(request: Request) -> Settings:
    """Return the settings that the application was made with."""
    made_with: Settings = request.app.state.settings
    return made_with


@asynccontextmanager
async def transaction(request: Request) -> AsyncIterator[Work]:
    """Open a transaction of a stranger, whose address is charged for it; `now` is still to be set."""
    callers.stranger(request)
    async with _transaction(request) as work:
        yield work


@asynccontextmanager
async def _transaction(request: Request) -> AsyncIterator[Work]:
    """Open a transaction; commit, then ring; an exception inside rolls back and rings nothing.

    `now` is still to be set, by the first statement.
    """
    async with request.app.state.database.connect() as conn:
        work = Work(conn, EARLIEST, who=Who(request_id=request.state.request_id), quotas=request.app.state.quotas)
        try:
            yield work
        except Kept as kept:
            await _commit(work)
            raise kept.refusal from None
        await _commit(work)
    await request.app.state.ringer.ring(work)


async def _commit(work: Work) -> None:
    await audit.write(work)
    crash_point("api:before_commit")
    try:
        await work.conn.commit()
    except (DBAPIError, OSError) as error:
        raise NotCommitted from error
    crash_point("api:after_commit")


async def _signed_in(request: Request, claims: Annotated[Claims | KeyClaims, Depends(bearer)]) -> AsyncIterator[Call]:
    callers.check(request, claims)
    attempt: Attempt | None = getattr(request.state, "attempt", None)
    attempt = attempt and attempt.by(claims)
    language = locale(request.headers.get("accept-language"))
    async with _transaction(request) as work:
        me, answer = await principals.principal(work, claims, language, attempt)
        callers.spend(request, claims)
        if attempt is not None:
            await _repeatable(request, work, me.user_id, attempt, answer)
        if not me.proven and not settings(request).verifies_email:
            me = replace(me, proven=True)
        try:
            yield Call(work, me)
        except RoleTooLow:
            if me.proven:
                raise
            # What keeps them from it first, and what they can mend themselves.
            raise EmailNotVerified from None


async def _repeatable(request: Request, work: Work, user_id: UUID, attempt: Attempt, answer: Answer | None) -> None:
    """End a request that was answered before; else let the door know for whom to keep the answer."""
    if answer is not None:
        # Whoever has left may read what came of that; it tells nothing of the team.
        asked = () if request.scope["route"].name == "leave_team" else request.path_params.values()
        raise Replay(await idempotency.again(work, settings(request), user_id, attempt, answer, asked))
    request.state.repeatable = (work, user_id, attempt)


signed_in = asynccontextmanager(_signed_in)
"""The same as a block of its own, for what must be known before a route makes a request to somebody else's server."""

Credentials = Annotated[Claims | KeyClaims, Depends(bearer)]
CallDep = Annotated[Call, Depends(_signed_in, scope="function")]


async def _work(call: CallDep) -> Work:
    return call.work


async def _me(call: CallDep) -> Principal:
    return call.me


async def _person(call: CallDep) -> Principal:
    if call.me.key_id is not None:
        raise NotForKeys
    return call.me


async def _proven(call: CallDep) -> Principal:
    if not call.me.proven:
        raise EmailNotVerified
    return await _person(call)


async def _public(request: Request) -> AsyncIterator[Work]:
    attempt: Attempt | None = getattr(request.state, "attempt", None)
    attempt = attempt and attempt.by_nobody()
    async with transaction(request) as work:
        if attempt is None:
            work.now = (await work.conn.execute(text("select now()"))).scalar_one()
        else:
            await _repeatable(request, work, NOBODY, attempt, await idempotency.begin(work, attempt))
        yield work


async def _page(
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before.")] = None,
) -> PageRequest:
    return PageRequest(limit, cursor)


async def _if_match(
    if_match: Annotated[str | None, Header(max_length=1000, description="The ETag that was read; else 412.")] = None,
) -> frozenset[int] | None:
    return expected_versions(if_match)


async def _settings(request: Request) -> Settings:
    return settings(request)


WorkDep = Annotated[Work, Depends(_work, scope="function")]
"""A transaction of somebody who is signed in; 401 otherwise."""

Me = Annotated[Principal, Depends(_me, scope="function")]
"""Who is signed in, or whose API key it is."""

Person = Annotated[Principal, Depends(_person, scope="function")]
"""Who is signed in; an API key is not enough for accounts, members and keys."""

Proven = Annotated[Principal, Depends(_proven, scope="function")]
"""Who is signed in, with a mailbox that is proven."""

PublicWork = Annotated[Work, Depends(_public, scope="function")]
"""A transaction of a stranger: registering, signing in, health."""

PageDep = Annotated[PageRequest, Depends(_page)]
IfMatch = Annotated[frozenset[int] | None, Depends(_if_match)]
SettingsDep = Annotated[Settings, Depends(_settings)]
