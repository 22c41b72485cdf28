"""Principals: who is signed in, by one statement per request."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.tokens import Claims, NotSignedIn
from core.work import Work
from crud.idempotency import KEPT, Answer, Attempt, kept


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is signed in."""

    user_id: UUID
    session_id: UUID
    email: str
    name: str
    timezone: str | None
    is_operator: bool
    locale: str
    """The language to answer in: that of the request, else the person's own, else English."""


_NOW = "now(), u.email, u.name, u.timezone, u.is_operator, u.locale"
_SESSION = "sessions s join users u on u.id = s.user_id"
_VALID = "s.id = $1 and u.id = $2 and u.token_version = $3 and u.status = 'active' and s.revoked_at is null"
# Run as they are written: composing and compiling them would cost more than running them.
_PLAIN = f"select {_NOW} from {_SESSION} where {_VALID}"
_WITH_KEY = f"""
select {_NOW}, pg_try_advisory_xact_lock($4) as locked, k.request_hash, k.status_code, k.headers, k.body
  from {_SESSION}
  left join idempotency_keys k on k.user_id = u.id and k.key = $5 and k.created_at > now() - $6::interval
 where {_VALID}
"""


async def principal(work: Work, claims: Claims, locale: str | None) -> Principal:
    """Return who is signed in, and set the instant of the work: one statement for every request.

    `locale` is the language that the request asks for, if any. Raises NotSignedIn when the token has expired by the
    database's clock, the session was revoked, the account deactivated, or its tokens voided.
    """
    return _principal(claims, await _one(work, _PLAIN, claims), locale)


async def with_key(work: Work, claims: Claims, locale: str | None, attempt: Attempt) -> tuple[Principal, Answer | None]:
    """Do the same, lock an Idempotency-Key in passing, and return the answer that was given under it, if any.

    Raises NotSignedIn; KeyInUse while the first request runs; KeyReused when the key belongs to another request.
    """
    row = await _one(work, _WITH_KEY, claims, attempt.lock(claims.user_id), attempt.key, KEPT)
    return _principal(claims, row, locale), kept(row, attempt)


async def _one(work: Work, statement: str, claims: Claims, *more: object) -> Row[Any]:
    values = (claims.session_id, claims.user_id, claims.version, *more)
    row = (await work.conn.exec_driver_sql(statement, values)).one_or_none()
    if row is None or claims.expires_at is None or claims.expires_at <= row.now:
        raise NotSignedIn
    work.now = row.now
    return row


def _principal(claims: Claims, row: Row[Any], locale: str | None) -> Principal:
    return Principal(
        claims.user_id, claims.session_id, row.email, row.name, row.timezone, row.is_operator,
        locale or row.locale or "en",
    )  # fmt: skip
