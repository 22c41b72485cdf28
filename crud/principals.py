"""Principals: who is signed in, or whose program asks with an API key, by one statement per request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from core.api_keys import KeyClaims
from core.tokens import Claims, NotSignedIn
from core.work import Who, Work
from crud.access import Actor
from crud.idempotency import KEPT, Answer, Attempt, kept
from schemas.teams import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal(Actor):
    """Who is signed in, or whose program it is that asks with an API key."""

    session_id: UUID | None = None
    """Null for a program."""
    key_id: UUID | None = None
    email: str
    name: str
    timezone: str | None
    is_operator: bool
    locale: str
    """The language to answer in: that of the request, else the person's own, else English."""


CEILINGS: Final[Mapping[str, Role]] = {"read": "viewer", "write": "member", "admin": "admin"}
"""How high an API key of a scope may stand in its team."""

# How often the use of a key is written down; each time would be a write for every reading.
SEEN = timedelta(minutes=1)

_USER = (
    "now(), u.id as user_id, u.email, u.name, u.timezone, u.is_operator, u.locale, "
    "u.email_verified_at is not null as proven"
)
_PERSON = """
  from sessions s join users u on u.id = s.user_id {kept}
 where s.id = $1 and u.id = $2 and u.token_version = $3 and u.status = 'active' and s.revoked_at is null
"""
# A key lives no longer than the membership of whoever made it.
_PROGRAM = """
  from api_keys k
  join users u on u.id = k.created_by
  join memberships m on m.team_id = k.team_id and m.user_id = k.created_by {kept}
 where k.public_id = $1 and k.secret_hash = $2 and u.status = 'active' and k.revoked_at is null
   and (k.expires_at is null or k.expires_at > now())
"""
_OF_KEY = "k.id as key_id, k.team_id, k.scope, coalesce(k.last_used_at <= now() - $3::interval, true) as unseen"
_ANSWER = "pg_try_advisory_xact_lock(${0}) as locked, i.request_hash, i.status_code, i.headers, i.body"
_KEPT = "left join idempotency_keys i on i.user_id = u.id and i.key = ${1} and i.created_at > now() - ${2}::interval"
_SEEN = """
update api_keys set last_used_at = now() where (team_id, id) in
 (select team_id, id from api_keys where team_id = $1 and id = $2 for no key update skip locked)
"""


def _statements(columns: str, source: str, values: int) -> tuple[str, str]:
    """Return a statement as it is written, without and with an Idempotency-Key after so many values.

    Composing and compiling them for each request would cost more than running them.
    """
    more = range(values + 1, values + 4)
    with_key = f"select {columns}, {_ANSWER.format(*more)} {source.format(kept=_KEPT.format(*more))}"
    return f"select {columns} {source.format(kept='')}", with_key


_OF_PERSON = _statements(_USER, _PERSON, 3)
_OF_PROGRAM = _statements(f"{_USER}, {_OF_KEY}", _PROGRAM, 3)


async def principal(
    work: Work, claims: Claims | KeyClaims, locale: str | None, attempt: Attempt | None = None
) -> tuple[Principal, Answer | None]:
    """Return who asks, set the instant of the work and who does it: one statement for every request.

    `locale` is the language that the request asks for, if any. Under an Idempotency-Key, `attempt`, the key is locked
    in passing, and the answer that was given under it is returned, if any.

    Raises NotSignedIn when the token has expired by the database's clock, the session was revoked, the account
    deactivated, its tokens voided, or the API key has ended; KeyInUse while the first request runs; KeyReused when
    the key belongs to another request.
    """
    more = () if attempt is None else (attempt.lock, attempt.key, KEPT)
    if isinstance(claims, KeyClaims):
        row = await _one(work, _OF_PROGRAM[attempt is not None], claims.public_id, claims.secret_hash, SEEN, *more)
        if row.unseen:
            await work.conn.exec_driver_sql(_SEEN, (row.team_id, row.key_id))
        bounds: dict[str, Any] = {"team_id": row.team_id, "ceiling": CEILINGS[row.scope], "key_id": row.key_id}
    else:
        values = (claims.session_id, claims.user_id, claims.version)
        row = await _one(work, _OF_PERSON[attempt is not None], *values, *more)
        if claims.expires_at is None or claims.expires_at <= work.now:
            raise NotSignedIn
        bounds = {"session_id": claims.session_id}
    person = {name: getattr(row, name) for name in ("user_id", "email", "name", "timezone", "is_operator", "proven")}
    work.who = Who(row.user_id, bounds.get("key_id"), work.who.request_id)
    me = Principal(**person, **bounds, locale=locale or row.locale or "en")
    return me, None if attempt is None else kept(row, attempt)


async def _one(work: Work, statement: str, *values: object) -> Row[Any]:
    row = (await work.conn.exec_driver_sql(statement, values)).one_or_none()
    if row is None:
        raise NotSignedIn
    work.now = row.now
    return row
