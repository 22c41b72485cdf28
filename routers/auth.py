"""Registering, signing in, staying signed in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy import Row

from core import tokens
from core.errors import DomainError, NotFound
from core.passwords import Busy, CommonPassword
from core.settings import Settings
from crud import accounts, sessions
from crud.accounts import EmailTaken, InvalidEmail
from crud.logins import TooManyAttempts
from crud.pages import InvalidCursor
from crud.sessions import InvalidRefresh, Issued, WrongCredentials
from routers.answers import listed
from routers.deps import Kept, PageDep, Person, PublicWork, SettingsDep, WorkDep
from routers.problems import problems
from schemas.accounts import Refresh, SessionRead, Token, UserCreate, UserRead
from schemas.page import Page

# Not `door.resource`: what shows a secret once must not be kept under an Idempotency-Key.
router = APIRouter(prefix="/auth", tags=["auth"])

UserAgent = Annotated[str | None, Header(include_in_schema=False)]


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
    responses=problems(EmailTaken, InvalidEmail, CommonPassword, Busy),
)
async def register(work: PublicWork, settings: SettingsDep, body: UserCreate) -> Row[tuple[object, ...]]:
    """Make an account. Its mail address becomes the first address; a personal team comes with it."""
    return await accounts.register(work, settings, body)


@router.post("/token", responses=problems(WrongCredentials, TooManyAttempts, Busy))
async def sign_in(
    work: PublicWork,
    settings: SettingsDep,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    user_agent: UserAgent = None,
) -> Token:
    """Sign in with mail address (`username`) and password."""
    agent = user_agent[:200] if user_agent else None
    return _token(settings, await sessions.login(work, settings, form.username, form.password, agent), work)


@router.post("/refresh", responses=problems(InvalidRefresh))
async def refresh(work: PublicWork, settings: SettingsDep, body: Refresh) -> Token:
    """Exchange a refresh token for new ones; it works once."""
    return _token(settings, await sessions.refresh(work, body.refresh_token.get_secret_value()), work)


@router.post("/logout", status_code=204)
async def sign_out(work: WorkDep, me: Person) -> Response:
    """End this session at once."""
    await sessions.logout(work, me)
    return Response(status_code=204)


@router.get("/sessions", response_model=Page[SessionRead], responses=problems(InvalidCursor))
async def list_sessions(work: WorkDep, me: Person, page: PageDep) -> dict[str, Any]:
    """List where you are signed in, the last used first."""
    return listed(*await sessions.listed(work, me, page))


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(NotFound))
async def end_session(work: WorkDep, me: Person, session_id: UUID) -> Response:
    """Sign out elsewhere, at once."""
    await sessions.end(work, me, session_id)
    return Response(status_code=204)
