"""Members of a team and their roles. A team always keeps an owner."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, update

from core.errors import Conflict, NotFound
from core.work import Work
from crud import access, inviting, leavers, recipients, teams
from crud.access import Actor
from crud.leavers import Report
from crud.pages import PageRequest, Sort, cut, paginate
from crud.teams import PersonalTeam
from crud.versions import Expected, check
from models import memberships, users
from schemas.teams import Role

_MEMBERS: Select[Any] = select(
    *(memberships.c[name] for name in ("user_id", "role", "version", "created_at")),
    users.c.name,
    users.c.email,
    users.c.email_verified_at.is_not(None).label("email_verified"),
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


async def get(work: Work, actor: Actor, team_id: UUID, user_id: UUID) -> Row[Any]:
    """Return a member of a team. Raises NotFound."""
    await access.member(work, actor, team_id)
    return await _get(work, team_id, user_id)


async def _locked(work: Work, actor: Actor, team_id: UUID, at_least: Role) -> Role:
    """Hold a team, so that two changes cannot both leave it to the other to keep an owner; return the actor's role."""
    team = await teams.locked(work, actor, team_id, at_least)
    if team.personal:
        raise PersonalTeam
    role: Role = team.my_role
    return role


async def _get(work: Work, team_id: UUID, user_id: UUID) -> Row[Any]:
    statement = _MEMBERS.where(memberships.c.team_id == team_id, memberships.c.user_id == user_id)
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no such member"
        raise NotFound(message)
    return row


async def _keep_an_owner(work: Work, team_id: UUID, *, beside: UUID) -> None:
    """Raise LastOwner unless somebody else owns the team, whose account is in use."""
    others = and_(memberships.c.role == "owner", memberships.c.user_id != beside)
    active = and_(users.c.id == memberships.c.user_id, users.c.status == "active")
    owners = select(func.count()).select_from(memberships.join(users, active))
    if (await work.conn.execute(owners.where(memberships.c.team_id == team_id, others))).scalar_one() == 0:
        raise LastOwner


async def _set_role(work: Work, team_id: UUID, row: Row[Any], role: str) -> None:
    if row.role == role:
        return
    who = and_(memberships.c.team_id == team_id, memberships.c.user_id == row.user_id)
    values = {"role": role, "version": memberships.c.version + 1}
    await work.conn.execute(update(memberships).where(who).values(values))
    if role in ("member", "viewer"):
        await inviting.revoke_of(work, team_id, row.user_id)
    await recipients.clocks_changed(work, [team_id], user_id=row.user_id)
    work.note("member.changed", team_id=team_id, object_type="member", object_id=row.user_id, fields=("role",))


async def change(
    work: Work, actor: Actor, team_id: UUID, user_id: UUID, role: Role, *, expected: Expected = None
) -> Row[Any]:
    """Give a member another role; owners are made and unmade by owners.

    Raises NotFound, RoleTooLow, VersionConflict, PersonalTeam, LastOwner.
    """
    mine = await _locked(work, actor, team_id, "admin")
    row = await _get(work, team_id, user_id)
    check(row.version, expected)
    if "owner" in (role, row.role):
        access.demand(mine, "owner")
    if row.role == "owner" and role != "owner":
        await _keep_an_owner(work, team_id, beside=user_id)
    await _set_role(work, team_id, row, role)
    return await _get(work, team_id, user_id)


async def remove(work: Work, actor: Actor, team_id: UUID, user_id: UUID, *, expected: Expected = None) -> Report:
    """Remove a member, or let the actor leave, and return what has happened because of it.

    Raises NotFound, RoleTooLow, VersionConflict, PersonalTeam, LastOwner.
    """
    myself = actor.user_id == user_id
    mine = await _locked(work, actor, team_id, "viewer" if myself else "admin")
    row = await _get(work, team_id, user_id)
    check(row.version, expected)
    if row.role == "owner":
        if not myself:
            access.demand(mine, "owner")
        await _keep_an_owner(work, team_id, beside=user_id)
    action = "member.left" if myself else "member.removed"
    work.note(action, team_id=team_id, object_type="member", object_id=user_id)
    return await leavers.leaves(work, team_id, user_id)


async def transfer(work: Work, actor: Actor, team_id: UUID, user_id: UUID) -> Row[Any]:
    """Hand a team to another member, who becomes its owner; the actor becomes an admin. Raises NotFound, RoleTooLow."""
    await _locked(work, actor, team_id, "owner")
    heir = await _get(work, team_id, user_id)
    if user_id != actor.user_id:
        await _set_role(work, team_id, await _get(work, team_id, actor.user_id), "admin")
    await _set_role(work, team_id, heir, "owner")
    work.note("team.transferred", team_id=team_id, object_type="member", object_id=user_id)
    return await _get(work, team_id, user_id)
