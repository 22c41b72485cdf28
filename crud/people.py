"""People as others see them: those with whom one shares a team, and all of them for operators, who see no content."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, or_, select

from core.errors import NotFound
from core.work import Work
from crud.pages import PageRequest, Sort, cut, paginate
from crud.principals import Principal
from models import memberships, sessions, teams, users

_OLDEST: Final = Sort(users.c.created_at, users.c.id)
_last_seen = (
    select(func.max(sessions.c.last_used_at)).where(sessions.c.user_id == users.c.id).correlate(users).scalar_subquery()
)
ACCOUNT: Final = (
    users.c.id,
    users.c.email,
    users.c.name,
    users.c.version,
    users.c.status,
    users.c.is_operator,
    users.c.email_verified_at.is_not(None).label("email_verified"),
    users.c.created_at,
    _last_seen.label("last_seen_at"),
)
"""What operators see of an account."""


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """Which accounts an operator wants; None does not filter."""

    q: str | None = None
    """Part of the name or of the mail address, in any case."""
    status: Literal["active", "deactivated"] | None = None


def _accounts() -> Select[Any]:
    # Of whoever is erased nothing is left that could be shown.
    return select(*ACCOUNT, literal(value=True).label("account")).where(users.c.status != "erased")


async def listed(work: Work, filters: PeopleFilters, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a page of all accounts, the oldest first, and the next cursor; for operators."""
    statement = _accounts()
    if filters.q is not None:
        columns = (users.c.name, users.c.email)
        statement = statement.where(or_(*(column.icontains(filters.q, autoescape=True) for column in columns)))
    if filters.status is not None:
        statement = statement.where(users.c.status == filters.status)
    return cut((await work.conn.execute(paginate(statement, _OLDEST, page))).all(), _OLDEST, page)


async def get(work: Work, user_id: UUID) -> Row[Any]:
    """Return an account as operators see it; raises NotFound."""
    return await _one(work, _accounts().where(users.c.id == user_id))


async def seen_by(work: Work, me: Principal, user_id: UUID) -> Row[Any]:
    """Return a person as somebody may see them: name and mail address for those who share a team, more for operators.

    Raises NotFound for everybody else's.
    """
    if me.is_operator:
        return await get(work, user_id)
    who = select(users.c.id, users.c.email, users.c.name, users.c.version, literal(value=False).label("account"))
    return await _one(work, who.where(users.c.id == user_id, users.c.status != "erased", _shares_a_team(me.user_id)))


def _shares_a_team(user_id: UUID) -> ColumnElement[bool]:
    mine, theirs = memberships.alias("mine"), memberships.alias("theirs")
    return exists().where(
        mine.c.user_id == user_id,
        theirs.c.team_id == mine.c.team_id,
        theirs.c.user_id == users.c.id,
        teams.c.id == mine.c.team_id,
        teams.c.deleted_at.is_(None),
    )


async def _one(work: Work, statement: Select[Any]) -> Row[Any]:
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no such person, or you share no team"
        raise NotFound(message)
    return row
