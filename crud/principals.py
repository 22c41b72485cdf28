"""Principals: who is signed in, by one statement per request."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal, select

from core.tokens import Claims, NotSignedIn
from core.work import Work
from models import sessions, users


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is signed in; `locked` says whether the advisory lock that was asked for could be taken."""

    user_id: UUID
    session_id: UUID
    email: str
    name: str
    timezone: str | None
    is_operator: bool
    locked: bool


def _statement(locked: ColumnElement[bool]) -> Select[Any]:
    return (
        select(func.now(), users.c.email, users.c.name, users.c.timezone, users.c.is_operator, locked)
        .join_from(sessions, users, users.c.id == sessions.c.user_id)
        .where(
            sessions.c.id == bindparam("session"),
            users.c.id == bindparam("user"),
            users.c.token_version == bindparam("version"),
            users.c.status == "active",
            sessions.c.revoked_at.is_(None),
        )
    )


# Built once: composing them costs more than running them.
_PLAIN = _statement(literal(value=True))
_LOCKING = _statement(func.pg_try_advisory_xact_lock(bindparam("lock", type_=BigInteger)))


async def principal(work: Work, claims: Claims, lock: int | None = None) -> Principal:
    """Return who is signed in, and set the instant of the work: one statement for every request.

    `lock` is an advisory lock to try for in passing. Raises NotSignedIn when the token has expired by the
    database's clock, the session was revoked, the account deactivated, or its tokens voided.
    """
    values: dict[str, Any] = {"session": claims.session_id, "user": claims.user_id, "version": claims.version}
    if lock is not None:
        values["lock"] = lock
    row = (await work.conn.execute(_PLAIN if lock is None else _LOCKING, values)).one_or_none()
    if row is None or claims.expires_at is None or claims.expires_at <= row[0]:
        raise NotSignedIn
    work.now = row[0]
    return Principal(claims.user_id, claims.session_id, *row[1:])
