"""Teams: everything belongs to one, and everybody has a personal one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, literal, select, update

from core.errors import Conflict
from core.work import Work
from crud import access, recipients
from crud.access import Actor
from crud.deliveries import withdraw
from crud.pages import PageRequest, Sort, cut, paginate
from crud.versions import Expected, check
from models import deliveries, invitations, memberships, reminders, teams
from schemas.teams import Role, TeamCreate, TeamUpdate

_OLDEST = Sort(teams.c.created_at, teams.c.id)


class PersonalTeam(Conflict):
    """A personal team stays with its person; make another team for this."""

    code = "personal_team"


def _mine(actor: Actor) -> Select[Any]:
    return (
        select(teams, actor.role, teams.c.personal_of.is_not(None).label("personal"))
        .join(memberships, memberships.c.team_id == teams.c.id)
        .where(actor.belongs, teams.c.deleted_at.is_(None))
    )


async def create(work: Work, actor: Actor, wanted: TeamCreate) -> Row[Any]:
    """Make a team that a person owns, and return it."""
    values = {"name": wanted.name, "timezone": wanted.timezone}
    extra = (literal("owner").label("my_role"), literal(value=False).label("personal"))
    team: Row[Any] = (await work.conn.execute(insert(teams).values(values).returning(teams, *extra))).one()
    await work.conn.execute(insert(memberships).values(team_id=team.id, user_id=actor.user_id, role="owner"))
    return team


async def get(work: Work, actor: Actor, team_id: UUID) -> Row[Any]:
    """Return a team of the person's; raises NotFound."""
    return await access.found(work, _mine(actor).where(teams.c.id == team_id), what="team")


async def listed(work: Work, actor: Actor, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a person's teams, oldest first, and the next cursor."""
    rows = (await work.conn.execute(paginate(_mine(actor), _OLDEST, page))).all()
    return cut(rows, _OLDEST, page)


async def change(work: Work, actor: Actor, team_id: UUID, wanted: TeamUpdate, *, versions: Expected) -> Row[Any]:
    """Change name or zone of a team. Raises NotFound, RoleTooLow, VersionConflict."""
    team = await _locked(work, actor, team_id, "admin")
    check(team.version, versions)
    values = wanted.model_dump(exclude_unset=True)
    if values:
        values |= {"version": teams.c.version + 1, "updated_at": work.now}
        await work.conn.execute(update(teams).where(teams.c.id == team_id).values(values))
    if wanted.timezone is not None and wanted.timezone != team.timezone:
        await recipients.clocks_changed(work, [team_id])
    return await get(work, actor, team_id)


async def _locked(work: Work, actor: Actor, team_id: UUID, at_least: Role) -> Row[Any]:
    statement = _mine(actor).where(teams.c.id == team_id).with_for_update(of=teams)
    return await access.found(work, statement, what="team", at_least=at_least)


async def delete(work: Work, actor: Actor, team_id: UUID, *, versions: Expected) -> None:
    """End a team: its reminders are deleted, what waits is cancelled, and nobody belongs to it any more.

    Raises NotFound, RoleTooLow, VersionConflict, PersonalTeam.
    """
    team = await _locked(work, actor, team_id, "owner")
    check(team.version, versions)
    if team.personal:
        raise PersonalTeam
    # Membership bounds every lookup, so without members nothing of the team can be reached.
    ended = {
        "status": "deleted",
        "deleted_at": work.now,
        "next_run_at": None,
        "status_before_delete": reminders.c.status,
    }
    gone = {"deleted_at": work.now, "version": teams.c.version + 1, "updated_at": work.now}
    for statement in (
        update(reminders).where(reminders.c.team_id == team_id, reminders.c.status != "deleted").values(ended),
        update(invitations)
        .where(invitations.c.team_id == team_id, invitations.c.status == "pending")
        .values(status="revoked"),
        memberships.delete().where(memberships.c.team_id == team_id),
        update(teams).where(teams.c.id == team_id).values(gone),
    ):
        await work.conn.execute(statement)
    await withdraw(work, deliveries.c.team_id == team_id, "team_deleted")
