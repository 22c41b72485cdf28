"""Lists of reminders, of one team or of all of somebody's, filtered and sorted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, and_, any_, bindparam, exists, or_, select

from core.work import Work
from crud import access
from crud.access import Actor
from crud.pages import PageRequest, Sort, cut
from models import addresses, memberships, reminders

SortName = Literal["next_run_at", "-next_run_at", "created_at", "-created_at"]

SORTS: Final[dict[SortName, Sort]] = {
    "next_run_at": Sort(reminders.c.next_run_at, reminders.c.id, nullable=True),
    "-next_run_at": Sort(reminders.c.next_run_at, reminders.c.id, descending=True, nullable=True),
    "created_at": Sort(reminders.c.created_at, reminders.c.id),
    "-created_at": Sort(reminders.c.created_at, reminders.c.id, descending=True),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None: not by this."""

    status: str | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None
    assignee: UUID | None = None
    entity_type: str | None = None
    entity_id: str | None = None
    event_type: str | None = None
    created_via: str | None = None
    q: str | None = None


_ALL: Final = Filters()


def _assigned(user_id: UUID) -> ColumnElement[bool]:
    """Return whether a reminder would reach a person if it fired now."""
    theirs = memberships.alias("theirs")
    belongs = and_(theirs.c.team_id == reminders.c.team_id, theirs.c.user_id == user_id)
    by_kind = or_(
        reminders.c.audience_kind == "team",
        and_(reminders.c.audience_kind == "creator", reminders.c.created_by == user_id),
        and_(reminders.c.audience_kind == "users", any_(reminders.c.audience_user_ids) == user_id),
        and_(reminders.c.audience_kind == "roles", theirs.c.role == any_(reminders.c.audience_roles)),
    )
    named = (
        exists()
        .where(addresses.c.user_id == user_id, addresses.c.deleted_at.is_(None))
        .where(addresses.c.id == any_(reminders.c.audience_address_ids))
        .correlate(reminders)
    )
    return exists().where(belongs, or_(by_kind, named)).correlate(reminders)


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    for name in ("entity_type", "entity_id", "event_type", "created_via"):
        value = getattr(filters, name)
        if value is not None:
            yield reminders.c[name] == value
    yield reminders.c.status == filters.status if filters.status else reminders.c.status != "deleted"
    if filters.due_after or filters.due_before:
        # A paused or deleted row remembers its instant, but is not due.
        yield reminders.c.status == "active"
    if filters.due_after:
        yield reminders.c.next_run_at >= filters.due_after
    if filters.due_before:
        yield reminders.c.next_run_at < filters.due_before
    if filters.assignee:
        yield _assigned(filters.assignee)
    if filters.q:
        found = (column.icontains(filters.q, autoescape=True) for column in (reminders.c.message, reminders.c.notes))
        yield or_(*found)


async def listed(
    work: Work, actor: Actor, team_id: UUID | None, filters: Filters, sort_name: SortName, page: PageRequest
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return reminders of one team, or (None) of all teams of a person, and the next cursor.

    What is deleted is shown only to who asks for it. Raises NotFound for somebody else's team, InvalidCursor.
    """
    sort = SORTS[sort_name]
    if team_id is not None:
        await access.member(work, actor, team_id)
    team_id = team_id or actor.team_id
    statement = _opening if page.cursor is None and filters == _ALL else _statement
    rows = await work.conn.execute(
        statement(filters, sort_name, page, one_team=team_id is not None), {"me": actor.user_id, "team": team_id}
    )
    return cut(rows.all(), sort, page)


def _statement(filters: Filters, sort_name: SortName, page: PageRequest, *, one_team: bool) -> Select[Any]:
    """Return a page of all the teams of `me`, or of `team` alone."""
    belongs = memberships.c.user_id == bindparam("me", type_=Uuid)
    if one_team:
        belongs = and_(belongs, memberships.c.team_id == bindparam("team", type_=Uuid))
    own = select(reminders).where(reminders.c.team_id == memberships.c.team_id, *_conditions(filters))
    return access.of_teams(own, SORTS[sort_name], page, belongs)[0]


# What most people ask for first. Composing it costs twice as much as running it.
_opening = lru_cache(maxsize=64)(_statement)
