"""Registering, signing in, staying signed in."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Form, Header, Request, Response
from sqlalchemy import Row

from core import tokens
from core.errors import DomainError, NotFound
from core.passwords import Busy, CommonPassword
from core.settings import Settings
from crud import logins, registration, sessions
from crud.accounts import EmailTaken, InvalidEmail
from crud.invitations import OtherMailbox
from crud.limits import TooManyAttempts
from crud.logins import Attempt, TotpRequired, WrongCredentials, WrongTotp
from crud.pages import InvalidCursor
from crud.proofs import InvalidProof
from crud.registration import InvitationRequired, RegistrationClosed
from crud.sessions import InvalidRefresh, Issued, JustRefreshed
from crud.versions import VersionConflict
from routers.answers import MADE, SHOWN, listed, tagged
from routers.clients import ClientDep
from routers.deps import IfMatch, Kept, PageDep, Person, PublicWork, SettingsDep, WorkDep, transaction
from routers.door import etag, resource
from routers.limited import by_address
from routers.problems import problems
from schemas.accounts import Refresh, SessionRead, Token, UserCreate, UserRead
from schemas.page import Page

router = resource("auth", "/auth")

# An office may register together, and stay signed in; a machine that makes accounts has to wait.
REGISTERING = by_address("register", free=20, per=timedelta(hours=1), gentle=100)
REFRESHING = by_address("refresh", free=600, per=timedelta(minutes=10))

# Of OAuth 2, where a field without a value counts as left out (RFC 6749, 3.2).
GrantType = Annotated[str | None, Form(pattern="^(password)?$", description="`password`, if anything.")]
UserAgent = Annotated[str | None, Header(include_in_schema=False)]
Totp = Annotated[
    str | None, Form(max_length=64, description="Of an authenticator app, or a recovery code, where it is asked for.")
]


async def _proven(
    request: Request,
    settings: SettingsDep,
    client: ClientDep,
    username: Annotated[str, Form(description="The mail address.")],
    password: Annotated[str, Form(json_schema_extra={"format": "password"})],
    grant_type: GrantType = None,
) -> Attempt:
    """Count an attempt in a transaction of its own, then compare the password while no connection is held."""
    del grant_type
    async with transaction(request) as work:
        attempt = await logins.begin(work, settings, username, client)
    return await logins.prove(attempt, password)


def _token(settings: Settings, result: Issued | DomainError, work: PublicWork) -> Token:
    if isinstance(result, DomainError):
        raise Kept(result)
    return Token(
        access_token=tokens.issue(settings, result.claims, work.now),
        refresh_token=result.refresh_token,
        expires_in=int(tokens.LIFETIME.total_seconds()),
    )


@router.post(
    "/register",
    status_code=201,
    response_model=UserRead,
    dependencies=[REGISTERING],
    responses=MADE
    | problems(
        RegistrationClosed,
        InvitationRequired,
        InvalidProof,
        OtherMailbox,
        EmailTaken,
        InvalidEmail,
        CommonPassword,
        TooManyAttempts,
        Busy,
    ),
)
async def register(work: PublicWork, settings: SettingsDep, body: UserCreate, response: Response) -> Row[Any]:
    """Make an account. Its mail address becomes the first address; a personal team comes with it.

    On an empty installation it becomes the operator's.
    """
    return tagged(response, await registration.register(work, settings, body))


@router.post("/token", responses=problems(WrongCredentials, TotpRequired, WrongTotp, TooManyAttempts, Busy))
async def sign_in(
    attempt: Annotated[Attempt, Depends(_proven)],
    work: PublicWork,
    settings: SettingsDep,
    totp: Totp = None,
    user_agent: UserAgent = None,
) -> Token:
    """Sign in with mail address (`username`) and password, and `totp` where a second factor is switched on."""
    return _token(settings, await logins.finish(work, settings, attempt, totp, user_agent), work)


@router.post("/refresh", dependencies=[REFRESHING], responses=problems(InvalidRefresh, JustRefreshed, TooManyAttempts))
async def refresh(work: PublicWork, settings: SettingsDep, body: Refresh) -> Token:
    """Exchange a refresh token for new ones; it works once.

    Used again within ten seconds it is refused, later the whole session ends, because one of the two is a thief. Under
    an Idempotency-Key a request whose answer was lost may be repeated.
    """
    return _token(settings, await sessions.refresh(work, settings, body.refresh_token.get_secret_value()), work)


@router.post("/logout", status_code=204)
async def sign_out(work: WorkDep, me: Person) -> Response:
    """End this session at once."""
    await sessions.logout(work, me)
    return Response(status_code=204)


@router.get("/sessions", response_model=Page[SessionRead], responses=problems(InvalidCursor))
async def list_sessions(work: WorkDep, me: Person, page: PageDep) -> dict[str, Any]:
    """List where you are signed in, the last used first."""
    return listed(*await sessions.listed(work, me, page))


@router.delete("/sessions", status_code=204)
async def end_other_sessions(work: WorkDep, me: Person) -> Response:
    """Sign out everywhere else, at once."""
    await sessions.end_all(work, me.user_id, "ended", but=me.session_id)
    return Response(status_code=204)


@router.get("/sessions/{session_id}", response_model=SessionRead, responses=SHOWN | problems(NotFound))
async def read_session(work: WorkDep, me: Person, session_id: UUID, response: Response) -> Row[Any]:
    """Read where I am signed in, one of those places."""
    response.headers["ETag"] = etag(sessions.VERSION)
    return await sessions.get(work, me, session_id)


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(NotFound, VersionConflict))
async def end_session(work: WorkDep, me: Person, session_id: UUID, versions: IfMatch) -> Response:
    """Sign out elsewhere, at once."""
    await sessions.end(work, me, session_id, expected=versions)
    return Response(status_code=204)
