"""The end of a team: deleted at once, restored within a grace time (`crud/team_returns.py`), then removed for good."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Table, insert, select, tuple_, update
from sqlalchemy import delete as remove

from core.settings import Settings
from core.work import Work
from crud import inviting, letters, teams
from crud.access import Actor
from crud.deliveries import withdraw
from crud.teams import PersonalTeam
from crud.versions import Expected, check
from models import (
    addresses,
    deliveries,
    former_memberships,
    memberships,
    occurrences,
    reminders,
    users,
)
from models import teams as table

log = structlog.get_logger()

LETTER: Final = "team_deleted"
_ROWS = ("team_id", "user_id", "role", "created_at")
_OWNERS = select(users.c.id, users.c.email).where(
    users.c.id == former_memberships.c.user_id, former_memberships.c.role == "owner", users.c.status == "active"
)


async def delete(work: Work, settings: Settings, actor: Actor, team_id: UUID, *, versions: Expected) -> None:
    """Delete a team: its reminders stop, what waits is cancelled, nobody reaches anything of it any more.

    Its owners are written to, and can restore it until its grace is over.
    Raises NotFound, RoleTooLow, VersionConflict, PersonalTeam.
    """
    team = await teams.locked(work, actor, team_id, "owner")
    check(team.version, versions)
    if team.personal:
        raise PersonalTeam
    await end(work, team_id, timedelta(days=settings.team_deletion_grace))
    for owner in (await work.conn.execute(_OWNERS.where(former_memberships.c.team_id == team_id))).all():
        await letters.write(work, settings, LETTER, owner.email, user_id=owner.id, about=team_id)


async def end(work: Work, team_id: UUID, grace: timedelta) -> None:
    """End a held team; within `grace` it can be restored."""
    # Membership bounds every lookup, so without members nothing of the team can be reached, and its keys open nothing.
    members = select(*(memberships.c[name] for name in _ROWS)).where(memberships.c.team_id == team_id)
    # What `restore` brings back bears this very instant.
    gone = {"deleted_at": work.now}
    for statement in (
        update(reminders)
        .where(reminders.c.team_id == team_id, reminders.c.status != "deleted")
        .values(gone | {"status": "deleted", "status_before_delete": reminders.c.status}),
        update(occurrences)
        .where(occurrences.c.team_id == team_id, occurrences.c.status == "open")
        .values(status="cancelled", reason="team_deleted", updated_at=work.now),
        # Whoever was just adding a reminder adds it to a team without anybody and without anywhere to send to.
        update(addresses).where(addresses.c.team_id == team_id, addresses.c.deleted_at.is_(None)).values(gone),
        insert(former_memberships).from_select(_ROWS, members),
        memberships.delete().where(memberships.c.team_id == team_id),
        update(table)
        .where(table.c.id == team_id)
        .values(gone | {"purge_at": work.now + grace, "version": table.c.version + 1, "updated_at": work.now}),
    ):
        await work.conn.execute(statement)
    await inviting.revoke_all(work, team_id)
    await withdraw(work, deliveries.c.team_id == team_id, "team_deleted")
    work.note("team.deleted", team_id=team_id, object_type="team", object_id=team_id)


# From the leaves to the root, so that no cascade becomes a long one; the attempts go with their deliveries.
_LEAVES: Final = (deliveries, occurrences, reminders)


async def purge(work: Work, limit: int) -> int:
    """Remove up to `limit` rows of one team whose grace is over, and at last the team; return how many rows.

    Lines of the audit log stay.
    """
    due = select(table.c.id).where(table.c.deleted_at.is_not(None), table.c.purge_at <= work.now)
    due = due.order_by(table.c.purge_at).limit(1).with_for_update(skip_locked=True)
    team_id = (await work.conn.execute(due)).scalar_one_or_none()
    if team_id is None:
        return 0
    gone = 0
    for leaf in _LEAVES:
        gone += await _some(work, leaf, team_id, limit - gone)
        if gone == limit:
            return gone
    # For each of these PostgreSQL looks through all deliveries, whose addresses have no index.
    if await _some(work, addresses, team_id, 1):
        return gone + 1
    await work.conn.execute(remove(table).where(table.c.id == team_id))
    work.note("team.purged", team_id=team_id, object_type="team", object_id=team_id)
    log.info("team.purged", team_id=str(team_id))
    return gone + 1


async def _some(work: Work, leaf: Table, team_id: UUID, limit: int) -> int:
    key = tuple_(leaf.c.team_id, leaf.c.id)
    some = select(leaf.c.team_id, leaf.c.id).where(leaf.c.team_id == team_id).limit(limit)
    return (await work.conn.execute(remove(leaf).where(key.in_(some)))).rowcount
