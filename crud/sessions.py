"""Sessions: signing in, staying signed in, signing out.

Refusals that leave a trace (a counted failure, a revoked session) are returned, not raised: raising would
roll the trace back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, update

from core import passwords, tokens
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.settings import Settings
from core.tokens import Claims, NotSignedIn
from core.work import Work
from crud import logins
from crud.accounts import InvalidEmail, normal_email
from crud.pages import PageRequest, Sort, cut, paginate
from crud.principals import Principal
from models import refresh_tokens, sessions, users

log = structlog.get_logger()

REFRESH_LIFETIME = timedelta(days=30)
# Two tabs, or an answer that was lost: within this time the same refresh token may be used once more.
GRACE = timedelta(seconds=10)
_LAST_USED = Sort(sessions.c.last_used_at, sessions.c.id, descending=True)


class WrongCredentials(NotSignedIn):
    """Mail address or password is wrong."""

    code = "invalid_credentials"


class InvalidRefresh(NotSignedIn):
    """The refresh token is unknown, expired, used or revoked; sign in again."""

    code = "invalid_refresh_token"


@dataclass(frozen=True, slots=True)
class Issued:
    """What a sign-in or a refresh gives."""

    claims: Claims
    refresh_token: str


async def login(
    work: Work, settings: Settings, email: str, password: str, user_agent: str | None
) -> Issued | DomainError:
    """Check mail address and password and open a session; a refusal is returned.

    Known and unknown addresses cost the same work and get the same answers.
    """
    email = _known_as(email, settings)
    key = logins.account_hash(settings, email)
    if settings.rate_limit_enabled and (refusal := await logins.begin(work, key)):
        return refusal
    found = await work.conn.execute(select(users).where(users.c.email == email))
    user = found.one_or_none()
    right, renewed = await passwords.verify(password, user.password_hash if user else None)
    if user is None or not right or user.status != "active":
        log.info("session.refused", user_id=str(user.id) if user else None)
        return WrongCredentials()
    if renewed:
        await work.conn.execute(update(users).where(users.c.id == user.id).values(password_hash=renewed))
    if settings.rate_limit_enabled:
        await logins.succeed(work, key)
    session_id = uuid7()
    opened = insert(sessions).values(id=session_id, user_id=user.id, user_agent=user_agent, last_used_at=work.now)
    await work.conn.execute(opened)
    log.info("session.opened", user_id=str(user.id), session_id=str(session_id))
    return await _issue(work, Claims(user.id, session_id, user.token_version))


def _known_as(email: str, settings: Settings) -> str:
    try:
        return normal_email(email, settings)
    except InvalidEmail:
        # No account can have this; what PostgreSQL would refuse to look at is not shown to it.
        return email.lower().replace("\0", "")


async def _issue(work: Work, claims: Claims) -> Issued:
    secret = tokens.opaque()
    kept = insert(refresh_tokens).values(
        token_hash=tokens.fingerprint(secret), session_id=claims.session_id, expires_at=work.now + REFRESH_LIFETIME
    )
    await work.conn.execute(kept)
    return Issued(claims, secret)


async def refresh(work: Work, secret: str) -> Issued | DomainError:
    """Exchange a refresh token for the next one; a refusal is returned.

    One used again after the grace is a stolen one, or its owner is the second: the whole session ends.
    """
    ours = refresh_tokens.c.token_hash == tokens.fingerprint(secret)
    rotated = (
        update(refresh_tokens)
        .where(ours, refresh_tokens.c.used_at.is_(None), refresh_tokens.c.expires_at > work.now)
        .values(used_at=work.now)
        .returning(refresh_tokens.c.session_id)
    )
    first = (await work.conn.execute(rotated)).one_or_none()
    if first is None:
        used = (await work.conn.execute(select(refresh_tokens).where(ours))).one_or_none()
        if used is None or used.used_at is None:
            return InvalidRefresh()
        if used.used_at < work.now - GRACE:
            await _revoke(work, sessions.c.id == used.session_id, "refresh_reused")
            log.warning("session.refresh_reused", session_id=str(used.session_id))
            return InvalidRefresh()
        first = used
    return await _continue(work, first.session_id)


async def _continue(work: Work, session_id: UUID) -> Issued | DomainError:
    used = (
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None))
        .where(users.c.id == sessions.c.user_id, users.c.status == "active")
        .values(last_used_at=work.now)
        .returning(users.c.id, users.c.token_version)
    )
    row = (await work.conn.execute(used)).one_or_none()
    return InvalidRefresh() if row is None else await _issue(work, Claims(row.id, session_id, row.token_version))


async def _revoke(work: Work, which: ColumnElement[bool], reason: str) -> bool:
    revoked = update(sessions).where(which, sessions.c.revoked_at.is_(None))
    done = await work.conn.execute(revoked.values(revoked_at=work.now, revoked_reason=reason))
    return done.rowcount > 0


async def logout(work: Work, me: Principal) -> None:
    """End the session of this very request; its tokens are void at once."""
    await _revoke(work, sessions.c.id == me.session_id, "logout")
    log.info("session.closed", user_id=str(me.user_id), session_id=str(me.session_id))


async def end(work: Work, me: Principal, session_id: UUID) -> None:
    """End one of my sessions; raises NotFound."""
    if not await _revoke(work, (sessions.c.id == session_id) & (sessions.c.user_id == me.user_id), "ended"):
        message = "there is no such session"
        raise NotFound(message)


async def listed(work: Work, me: Principal, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return my sessions that can still be continued, the last used first, with `current`, and the next cursor."""
    table = sessions.c
    mine = (
        select(sessions, (table.id == me.session_id).label("current"))
        .where(table.user_id == me.user_id, table.revoked_at.is_(None))
        .where(table.last_used_at > work.now - REFRESH_LIFETIME)
    )
    return cut((await work.conn.execute(paginate(mine, _LAST_USED, page))).all(), _LAST_USED, page)


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` refresh tokens that have expired, and as many sessions that nobody can continue."""
    tokens_, sessions_ = refresh_tokens.c, sessions.c
    expired = select(tokens_.token_hash).where(tokens_.expires_at < work.now).limit(limit)
    gone = await work.conn.execute(delete(refresh_tokens).where(tokens_.token_hash.in_(expired)))
    alive = exists().where(tokens_.session_id == sessions_.id)
    ended = select(sessions_.id).where(sessions_.created_at < work.now - REFRESH_LIFETIME, ~alive).limit(limit)
    closed = await work.conn.execute(delete(sessions).where(sessions_.id.in_(ended)))
    return gone.rowcount + closed.rowcount
