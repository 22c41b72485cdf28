"""Sessions: staying signed in, signing out; `logins` begins them.

Refusals that leave a trace (a revoked session) are returned, not raised: raising would roll the trace back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, Select, delete, exists, select, update

from core import tokens
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.settings import Settings
from core.tokens import Claims, NotSignedIn
from core.work import Work
from crud import letters, places, versions
from crud.pages import PageRequest, Sort, cut, paginate
from crud.principals import Principal
from crud.versions import Expected
from models import refresh_tokens, sessions, users

log = structlog.get_logger()

VERSION = 1
"""Of every session: nobody edits one."""
REFRESH_LIFETIME = timedelta(days=30)
# Two tabs, or a client that repeats itself: within this time a second use is refused, and not yet taken for theft.
GRACE = timedelta(seconds=10)
LONGEST_AGENT = 200
_LAST_USED = Sort(sessions.c.last_used_at, sessions.c.id, descending=True)

# The account is locked against a change of password or status, which then sees this session and ends it.
_OPEN = """
with person as (
  select id from users where id = $2 and token_version = $3 and status = 'active' for share
), opened as (
  insert into sessions (id, user_id, user_agent, client_network, last_used_at)
  select $1, id, $4, $5, $6 from person returning id
)
insert into refresh_tokens (token_hash, session_id, expires_at) select $7, id, $8 from opened returning session_id
"""
# Of many with the same token one takes it; the others wait for that one, look again, and find it used.
_ROTATE = """
with taken as (
  update refresh_tokens set used_at = $2
   where token_hash = $1 and used_at is null and expires_at > $2 returning session_id
), going as (
  update sessions s set last_used_at = $2
    from taken t, users u
   where s.id = t.session_id and s.revoked_at is null and u.id = s.user_id and u.status = 'active'
  returning s.id, s.user_id, u.token_version
), next as (
  insert into refresh_tokens (token_hash, session_id, expires_at) select $3, id, $4 from going
)
select id, user_id, token_version from going
"""


class InvalidRefresh(NotSignedIn):
    """The refresh token is unknown, expired, used or revoked; sign in again."""

    code = "invalid_refresh_token"


class JustRefreshed(InvalidRefresh):
    """The refresh token was used a moment ago; go on with the tokens of that answer."""

    code = "refresh_token_used"


@dataclass(frozen=True, slots=True)
class Issued:
    """What a sign-in or a refresh gives."""

    claims: Claims
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Device:
    """From what and where somebody signs in, for the list of sessions."""

    user_agent: str | None
    client: str
    """The address."""


async def begin(work: Work, user_id: UUID, token_version: int, device: Device) -> Issued | None:
    """Open a session; None when the account has changed since it was looked at.

    Of the address no more is kept than the neighbourhood, enough to recognise a stranger's.
    """
    session_id, secret = uuid7(), tokens.opaque()
    agent = device.user_agent[:LONGEST_AGENT] if device.user_agent else None
    about = (agent, places.neighbourhood(device.client), work.now)
    token = (tokens.fingerprint(secret), work.now + REFRESH_LIFETIME)
    opened = await work.conn.exec_driver_sql(_OPEN, (session_id, user_id, token_version, *about, *token))
    if opened.one_or_none() is None:
        return None
    work.note("session.opened", object_type="session", object_id=session_id, user_id=user_id)
    log.info("session.opened", user_id=str(user_id), session_id=str(session_id))
    return Issued(Claims(user_id, session_id, token_version), secret)


async def refresh(work: Work, settings: Settings, secret: str) -> Issued | DomainError:
    """Exchange a refresh token for the next one; a refusal is returned.

    It works once. Used again after the grace it is a stolen one, or its owner is the second: the whole session ends.
    """
    given, coming = tokens.fingerprint(secret), tokens.opaque()
    values = (given, work.now, tokens.fingerprint(coming), work.now + REFRESH_LIFETIME)
    row = (await work.conn.exec_driver_sql(_ROTATE, values)).one_or_none()
    if row is not None:
        return Issued(Claims(row.user_id, row.id, row.token_version), coming)
    return await _refused(work, settings, given)


async def _refused(work: Work, settings: Settings, given: bytes) -> InvalidRefresh:
    token, session = refresh_tokens.c, sessions.c
    known = (
        select(token.used_at, session.id, session.user_id, users.c.email)
        .where(token.token_hash == given, session.id == token.session_id, session.revoked_at.is_(None))
        .where(users.c.id == session.user_id)
    )
    row = (await work.conn.execute(known)).one_or_none()
    if row is None or row.used_at is None:
        return InvalidRefresh()
    if row.used_at >= work.now - GRACE:
        return JustRefreshed()
    if await _revoke(work, session.id == row.id, "refresh_reused"):
        about = {"object_type": "session", "object_id": row.id, "user_id": row.user_id}
        work.note("session.refresh_reused", result="refused", **about)
        await letters.write(work, settings, "refresh_reused", row.email, user_id=row.user_id, about=row.id)
        log.warning("session.refresh_reused", session_id=str(row.id))
    return InvalidRefresh()


async def _revoke(work: Work, which: ColumnElement[bool], reason: str) -> int:
    revoked = update(sessions).where(which, sessions.c.revoked_at.is_(None))
    return (await work.conn.execute(revoked.values(revoked_at=work.now, revoked_reason=reason))).rowcount


async def logout(work: Work, me: Principal) -> None:
    """End the session of this very request; its tokens are void at once."""
    await _revoke(work, sessions.c.id == me.session_id, "logout")
    work.note("session.closed", object_type="session", object_id=me.session_id)
    log.info("session.closed", user_id=str(me.user_id), session_id=str(me.session_id))


async def end(work: Work, me: Principal, session_id: UUID, *, expected: Expected = None) -> None:
    """End one of my sessions; raises NotFound, VersionConflict."""
    versions.check(VERSION, expected)
    if not await _revoke(work, (sessions.c.id == session_id) & (sessions.c.user_id == me.user_id), "ended"):
        message = "there is no such session"
        raise NotFound(message)
    work.note("session.ended", object_type="session", object_id=session_id)


async def end_all(work: Work, user_id: UUID, reason: str, *, but: UUID | None = None) -> int:
    """End the sessions of a person, all or all but one; return how many.

    Whoever changes the account in the same transaction does so before, so that nobody slips in meanwhile.
    """
    theirs = sessions.c.user_id == user_id
    count = await _revoke(work, theirs if but is None else theirs & (sessions.c.id != but), reason)
    if count:
        work.note("session.all_ended", object_type="user", object_id=user_id)
    return count


def _mine(work: Work, me: Principal) -> Select[Any]:
    table = sessions.c
    return (
        select(sessions, (table.id == me.session_id).label("current"))
        .where(table.user_id == me.user_id, table.revoked_at.is_(None))
        .where(table.last_used_at > work.now - REFRESH_LIFETIME)
    )


async def get(work: Work, me: Principal, session_id: UUID) -> Row[Any]:
    """Return one of my sessions with `current`; raises NotFound."""
    row: Row[Any] | None = (await work.conn.execute(_mine(work, me).where(sessions.c.id == session_id))).one_or_none()
    if row is None:
        message = "there is no such session"
        raise NotFound(message)
    return row


async def listed(work: Work, me: Principal, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return my sessions that can still be continued, the last used first, with `current`, and the next cursor."""
    rows = (await work.conn.execute(paginate(_mine(work, me), _LAST_USED, page))).all()
    return cut(rows, _LAST_USED, page)


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` refresh tokens that have expired, and as many sessions that nobody can continue."""
    tokens_, sessions_ = refresh_tokens.c, sessions.c
    expired = select(tokens_.token_hash).where(tokens_.expires_at < work.now).limit(limit)
    gone = await work.conn.execute(delete(refresh_tokens).where(tokens_.token_hash.in_(expired)))
    alive = exists().where(tokens_.session_id == sessions_.id)
    ended = select(sessions_.id).where(sessions_.created_at < work.now - REFRESH_LIFETIME, ~alive).limit(limit)
    closed = await work.conn.execute(delete(sessions).where(sessions_.id.in_(ended)))
    return gone.rowcount + closed.rowcount
