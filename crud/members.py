"""Members of a team and their roles. A team always keeps an owner."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, update

from core.errors import Conflict, NotFound
from core.work import Work
from crud import access, recipients
from crud.access import Actor
from crud.deliveries import withdraw
from crud.pages import PageRequest, Sort, cut, paginate
from crud.teams import PersonalTeam
from models import deliveries, memberships, teams, users
from schemas.teams import Role

_MEMBERS: Select[Any] = select(
    memberships.c.user_id, users.c.name, users.c.email, memberships.c.role, memberships.c.created_at
).join(users, users.c.id == memberships.c.user_id)

_OLDEST = Sort(memberships.c.created_at, memberships.c.user_id)


class LastOwner(Conflict):
    """A team needs an owner; make somebody else owner first, or delete the team."""

    code = "last_owner"


async def listed(work: Work, actor: Actor, team_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the members of a team, in the order in which they joined. Raises NotFound."""
    await access.member(work, actor, team_id)
    statement = _MEMBERS.where(memberships.c.team_id == team_id)
    rows = (await work.conn.execute(paginate(statement, _OLDEST, page))).all()
    return cut(rows, _OLDEST, page)


async def _locked(work: Work, actor: Actor, team_id: UUID, at_least: Role) -> Role:
    """Lock a team, so that two changes cannot both leave it to the other to keep an owner; return the actor's role."""
    team = await access.member(work, actor, team_id, at_least)
    await work.conn.execute(select(teams.c.id).where(teams.c.id == team_id).with_for_update())
    if team.personal_of is not None:
        raise PersonalTeam
    # What was read before the lock may have changed while waiting for it.
    role: Role = (await access.member(work, actor, team_id, at_least)).my_role
    return role


async def _get(work: Work, team_id: UUID, user_id: UUID) -> Row[Any]:
    statement = _MEMBERS.where(memberships.c.team_id == team_id, memberships.c.user_id == user_id)
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no such member"
        raise NotFound(message)
    return row


async def _keep_an_owner(work: Work, team_id: UUID) -> None:
    owners = select(func.count()).where(memberships.c.team_id == team_id, memberships.c.role == "owner")
    if (await work.conn.execute(owners)).scalar_one() == 0:
        raise LastOwner


async def _set_role(work: Work, team_id: UUID, user_id: UUID, role: str) -> None:
    who = and_(memberships.c.team_id == team_id, memberships.c.user_id == user_id)
    await work.conn.execute(update(memberships).where(who).values(role=role))


async def change(work: Work, actor: Actor, team_id: UUID, user_id: UUID, role: Role) -> Row[Any]:
    """Give a member another role; owners are made and unmade by owners. Raises NotFound, RoleTooLow, LastOwner."""
    mine = await _locked(work, actor, team_id, "admin")
    row = await _get(work, team_id, user_id)
    if "owner" in (role, row.role):
        access.demand(mine, "owner")
    await _set_role(work, team_id, user_id, role)
    await _keep_an_owner(work, team_id)
    await recipients.clocks_changed(work, [team_id], user_id=user_id)
    return await _get(work, team_id, user_id)


async def remove(work: Work, actor: Actor, team_id: UUID, user_id: UUID) -> None:
    """Remove a member, and cancel what waits to be sent to them. Raises NotFound, RoleTooLow, LastOwner."""
    mine = await _locked(work, actor, team_id, "viewer" if actor.user_id == user_id else "admin")
    row = await _get(work, team_id, user_id)
    if row.role == "owner":
        access.demand(mine, "owner")
    await work.conn.execute(
        memberships.delete().where(memberships.c.team_id == team_id, memberships.c.user_id == user_id)
    )
    await _keep_an_owner(work, team_id)
    theirs = and_(deliveries.c.team_id == team_id, deliveries.c.user_id == user_id)
    await withdraw(work, theirs, "left_team")
    await recipients.clocks_changed(work, [team_id], user_id=user_id)


async def transfer(work: Work, actor: Actor, team_id: UUID, user_id: UUID) -> Row[Any]:
    """Hand a team to another member, who becomes its owner; the actor becomes an admin. Raises NotFound, RoleTooLow."""
    await _locked(work, actor, team_id, "owner")
    await _get(work, team_id, user_id)
    await _set_role(work, team_id, actor.user_id, "admin")
    await _set_role(work, team_id, user_id, "owner")
    await recipients.clocks_changed(work, [team_id], user_id=user_id)
    return await _get(work, team_id, user_id)
