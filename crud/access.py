"""Who may see and do what: every lookup is bounded by membership in the same statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, and_, case, literal, select, true

from core.errors import Forbidden, NotFound
from core.work import Work
from crud.pages import PageRequest, Sort, paginate
from models import memberships, teams
from models.membership import ROLES
from schemas.teams import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, or a program with that person's API key.

    A key reaches one team, `team_id`, and there acts as `ceiling` at most, however high the person stands.
    """

    user_id: UUID
    team_id: UUID | None = None
    ceiling: Role = "owner"
    proven: bool = True
    """Whether their own mailbox is. Until then they only look in teams with others, and reach nobody there."""

    @property
    def belongs(self) -> ColumnElement[bool]:
        """The condition for the memberships through which everything is reached."""
        mine = memberships.c.user_id == self.user_id
        return mine if self.team_id is None else and_(mine, memberships.c.team_id == self.team_id)

    @property
    def role(self) -> ColumnElement[str]:
        """The role in the team of such a membership, as `my_role`."""
        role: ColumnElement[str] = memberships.c.role
        if not self.proven:
            own = teams.alias("own")
            personal = select(own.c.id).where(own.c.personal_of == self.user_id).scalar_subquery()
            role = case((memberships.c.team_id == personal, role), else_=literal("viewer"))
        if self.ceiling != "owner":
            above = ROLES[: ROLES.index(self.ceiling)]
            return case((role.in_(above), literal(self.ceiling)), else_=role).label("my_role")
        return role.label("my_role")


class RoleTooLow(Forbidden):
    """Your role in this team does not allow this."""

    code = "role_too_low"


def demand(role: str, at_least: Role) -> None:
    """Raise RoleTooLow unless a role is at least as high as the one asked for."""
    if ROLES.index(role) > ROLES.index(at_least):
        message = f"this needs the role {at_least} in the team, of an API key also the scope; here it is {role}"
        raise RoleTooLow(message)


def belongs(table: Table, actor: Actor) -> ColumnElement[bool]:
    """Return the join condition between a team-owned table and the memberships of whoever asks."""
    return and_(memberships.c.team_id == table.c.team_id, actor.belongs)


def mine(table: Table, actor: Actor, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select rows of a team-owned table from the teams of whoever asks, with their role as `my_role`.

    The composite keys begin with the team, so the join is what makes a bare id a cheap lookup; and what
    belongs to others does not come back at all.
    """
    return select(table, actor.role, *columns).join(memberships, belongs(table, actor))


async def found(work: Work, statement: Select[Any], *, what: str, at_least: Role = "viewer") -> Row[Any]:
    """Return the one row of a `mine` statement.

    Raises NotFound when there is none, which is also the answer for other people's; RoleTooLow when the
    person may see it but not do this.
    """
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = f"there is no such {what}"
        raise NotFound(message)
    demand(row.my_role, at_least)
    return row


async def member(work: Work, actor: Actor, team_id: UUID, at_least: Role = "viewer") -> Row[Any]:
    """Return a team with the role of whoever asks as `my_role`; raises NotFound or RoleTooLow."""
    statement = (
        select(teams, actor.role)
        .join(memberships, memberships.c.team_id == teams.c.id)
        .where(teams.c.id == team_id, actor.belongs, teams.c.deleted_at.is_(None))
    )
    return await found(work, statement, what="team", at_least=at_least)


def of_teams(own: Select[Any], sort: Sort, page: PageRequest, belongs: ColumnElement[bool]) -> tuple[Select[Any], Any]:
    """Merge pages of several teams: return a statement to go on with, and the rows in it.

    `own` selects the rows of one team, `memberships.c.team_id`. Each team gives its own first page from its
    own index, and only those are merged; `belongs` says for which memberships.
    """
    each = paginate(own, sort, page).lateral()
    order = (each.c[str(sort.column.key)], each.c[str(sort.id.key)])
    return (
        select(each)
        .select_from(memberships.join(each, true()))
        .where(belongs)
        .order_by(*(column.desc() if sort.descending else column for column in order))
        .limit(page.limit + 1)
    ), each
