"""People who leave a team, of their own will or not: everything that has to happen, in one transaction.

What they made stays with the team. Nothing more is sent to them, nothing of theirs opens the team any more, and what
only they were asked about falls to somebody else (`crud/substitutes.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import and_, case, delete, func, select, update

from core.settings import Settings
from core.work import Work
from crud import inviting, letters, recipients, substitutes, team_ends, teams
from crud.deliveries import withdraw
from models import api_keys, deliveries, former_memberships, memberships, users
from models import teams as table
from models.membership import ROLES

log = structlog.get_logger()

LETTER = "team_handed_on"


@dataclass(frozen=True, slots=True)
class Report:
    """What has happened because somebody left, as counts."""

    occurrences_reassigned: int = 0
    occurrences_without_recipient: int = 0
    audiences_changed: int = 0
    api_keys_revoked: int = 0
    invitations_revoked: int = 0


async def leaves(work: Work, team_id: UUID, user_id: UUID) -> Report:
    """End somebody's membership of a team and see to all that follows; the caller sees that an owner is left.

    Reminders on everybody's own clock are planned anew.
    """
    await teams.hold(work, team_id)
    await substitutes.hold(work, team_id, user_id)
    key = and_(memberships.c.team_id == team_id, memberships.c.user_id == user_id)
    await work.conn.execute(delete(memberships).where(key))
    theirs = and_(deliveries.c.team_id == team_id, deliveries.c.user_id == user_id)
    await withdraw(work, theirs, "left_team")
    reassigned = await substitutes.ask(work, team_id, user_id, "left_team")
    report = Report(
        reassigned.occurrences,
        reassigned.unreached,
        await substitutes.unname(work, team_id, user_id),
        await _revoke_keys(work, team_id, user_id),
        await inviting.revoke_of(work, team_id, user_id),
    )
    await recipients.clocks_changed(work, [team_id], user_id=user_id)
    log.info("member.left", team_id=str(team_id), user_id=str(user_id), reassigned=reassigned.occurrences)
    return report


async def _revoke_keys(work: Work, team_id: UUID, user_id: UUID) -> int:
    """Revoke the API keys that a person made for a team; they must not come to life again when the person returns."""
    theirs = and_(api_keys.c.team_id == team_id, api_keys.c.created_by == user_id, api_keys.c.revoked_at.is_(None))
    return (await work.conn.execute(update(api_keys).where(theirs).values(revoked_at=work.now))).rowcount


async def leaves_all(work: Work, settings: Settings, user_id: UUID) -> dict[UUID, Report]:
    """Let somebody leave all teams but the personal one, for good; return what has happened by team.

    A team that they alone owned is handed on; one in which nobody else is ends, to be removed at once.
    """
    reports = {}
    for team_id in await _teams(work, user_id):
        await teams.hold(work, team_id)
        if await _handed_on(work, settings, team_id, user_id):
            reports[team_id] = await leaves(work, team_id, user_id)
            work.note("member.left", team_id=team_id, object_type="member", object_id=user_id)
        else:
            await team_ends.end(work, team_id, timedelta())
    await work.conn.execute(delete(former_memberships).where(former_memberships.c.user_id == user_id))
    return reports


async def rests(work: Work, settings: Settings, user_id: UUID) -> None:
    """See to the teams of somebody whose account was just deactivated, and who may come back as the member they were.

    Nothing more is sent to them, others are asked in their place, and what they alone owned is handed on.
    """
    for team_id in await _teams(work, user_id):
        await teams.hold(work, team_id)
        await substitutes.hold(work, team_id, user_id)
        await _handed_on(work, settings, team_id, user_id)
        theirs = and_(deliveries.c.team_id == team_id, deliveries.c.user_id == user_id)
        await withdraw(work, theirs, "deactivated")
        await substitutes.ask(work, team_id, user_id, "deactivated")
        await inviting.revoke_of(work, team_id, user_id)
        await recipients.clocks_changed(work, [team_id], user_id=user_id)


async def _teams(work: Work, user_id: UUID) -> Sequence[UUID]:
    # In one order, in which everybody locks several teams.
    theirs = select(table.c.id).join(memberships, memberships.c.team_id == table.c.id)
    theirs = theirs.where(memberships.c.user_id == user_id, table.c.personal_of.is_(None)).order_by(table.c.id)
    return (await work.conn.execute(theirs)).scalars().all()


async def _handed_on(work: Work, settings: Settings, team_id: UUID, user_id: UUID) -> bool:
    """See that a held team has an owner beside this person; False if nobody else is there.

    The highest role is next, and of those who have it whoever joined first.
    """
    rank = case({role: place for place, role in enumerate(ROLES)}, value=memberships.c.role)
    others = (
        select(memberships.c.user_id, memberships.c.role, users.c.email)
        .join(users, and_(users.c.id == memberships.c.user_id, users.c.status == "active"))
        .where(memberships.c.team_id == team_id, memberships.c.user_id != user_id)
        .order_by(rank, memberships.c.created_at, memberships.c.user_id)
        .limit(1)
    )
    heir = (await work.conn.execute(others)).one_or_none()
    if heir is None or heir.role == "owner" or not await _owns(work, team_id, user_id):
        return heir is not None
    key = and_(memberships.c.team_id == team_id, memberships.c.user_id == heir.user_id)
    owner = update(memberships).where(key).values(role="owner", version=memberships.c.version + 1)
    await work.conn.execute(owner)
    work.note("member.changed", team_id=team_id, object_type="member", object_id=heir.user_id, fields=("role",))
    await letters.write(work, settings, LETTER, heir.email, user_id=heir.user_id, about=team_id)
    return True


async def _owns(work: Work, team_id: UUID, user_id: UUID) -> bool:
    owned = and_(memberships.c.team_id == team_id, memberships.c.user_id == user_id, memberships.c.role == "owner")
    found: int = (await work.conn.execute(select(func.count()).where(owned))).scalar_one()
    return found > 0
