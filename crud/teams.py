"""Teams: everything belongs to one, and everybody has a personal one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, insert, literal, select, update

from core.errors import Conflict
from core.work import Work
from crud import access, quotas, recipients
from crud.access import Actor
from crud.pages import PageRequest, Sort, cut, paginate
from crud.versions import Expected, check
from models import former_memberships, memberships, teams
from schemas.teams import Role, TeamCreate, TeamUpdate

_OLDEST = Sort(teams.c.created_at, teams.c.id)


class PersonalTeam(Conflict):
    """A personal team stays with its person; make another team for this."""

    code = "personal_team"


_PERSONAL = teams.c.personal_of.is_not(None).label("personal")


def _mine(actor: Actor) -> Select[Any]:
    return (
        select(teams, actor.role, _PERSONAL)
        .join(memberships, memberships.c.team_id == teams.c.id)
        .where(actor.belongs, teams.c.deleted_at.is_(None))
    )


async def create(work: Work, actor: Actor, wanted: TeamCreate) -> Row[Any]:
    """Make a team that a person owns, and return it."""
    values = wanted.model_dump()
    extra = (literal("owner").label("my_role"), literal(value=False).label("personal"))
    team: Row[Any] = (await work.conn.execute(insert(teams).values(values).returning(teams, *extra))).one()
    await work.conn.execute(insert(memberships).values(team_id=team.id, user_id=actor.user_id, role="owner"))
    await quotas.check(work, "teams", actor.user_id)
    work.note("team.created", team_id=team.id, object_type="team", object_id=team.id)
    return team


async def get(work: Work, actor: Actor, team_id: UUID) -> Row[Any]:
    """Return a team of the person's; raises NotFound."""
    return await access.found(work, _mine(actor).where(teams.c.id == team_id), what="team")


async def listed(work: Work, actor: Actor, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a person's teams, oldest first, and the next cursor."""
    rows = (await work.conn.execute(paginate(_mine(actor), _OLDEST, page))).all()
    return cut(rows, _OLDEST, page)


async def deleted(work: Work, actor: Actor, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the deleted teams that a person owned and may still restore, oldest first, and the next cursor."""
    statement = gone(work, actor.user_id)
    if actor.team_id is not None:
        # A program knows of its own team only.
        statement = statement.where(teams.c.id == actor.team_id)
    rows = (await work.conn.execute(paginate(statement, _OLDEST, page))).all()
    return cut(rows, _OLDEST, page)


def gone(work: Work, user_id: UUID) -> Select[Any]:
    """Select the deleted teams that a person owned, as long as they can be restored."""
    owned = and_(former_memberships.c.team_id == teams.c.id, former_memberships.c.role == "owner")
    return (
        select(teams, former_memberships.c.role.label("my_role"), _PERSONAL)
        .join(former_memberships, owned)
        .where(former_memberships.c.user_id == user_id, teams.c.deleted_at.is_not(None), teams.c.purge_at > work.now)
    )


async def change(work: Work, actor: Actor, team_id: UUID, wanted: TeamUpdate, *, versions: Expected) -> Row[Any]:
    """Change name, zone or rules of a team. Raises NotFound, RoleTooLow, VersionConflict."""
    team = await locked(work, actor, team_id, "admin")
    check(team.version, versions)
    values = wanted.model_dump(exclude_unset=True)
    if values:
        work.note("team.changed", team_id=team_id, object_type="team", object_id=team_id, fields=tuple(values))
        values |= {"version": teams.c.version + 1, "updated_at": work.now}
        await work.conn.execute(update(teams).where(teams.c.id == team_id).values(values))
    if wanted.timezone is not None and wanted.timezone != team.timezone:
        await recipients.clocks_changed(work, [team_id])
    return await get(work, actor, team_id)


async def locked(work: Work, actor: Actor, team_id: UUID, at_least: Role) -> Row[Any]:
    """Hold a team of the person's against everything that changes it or its members, and return it.

    Raises NotFound, RoleTooLow.
    """
    await get(work, actor, team_id)
    await hold(work, team_id)
    # What was read before may have changed while waiting.
    return await access.found(work, _mine(actor).where(teams.c.id == team_id), what="team", at_least=at_least)


async def hold(work: Work, team_id: UUID) -> bool:
    """Keep a team and its members as they are until the commit, except by this transaction; False if it has ended.

    It is locked before anything in it. Not against foreign keys: new reminders need not wait.
    """
    there = select(teams.c.id).where(teams.c.id == team_id, teams.c.deleted_at.is_(None))
    return (await work.conn.execute(there.with_for_update(key_share=True))).one_or_none() is not None
