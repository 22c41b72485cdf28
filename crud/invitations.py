"""Invitations: a mailbox is invited, and whoever has proven that it is theirs may accept."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert

from core.errors import Conflict, NotFound
from core.settings import Settings
from core.work import Work
from crud import access, recipients
from crud.access import Actor
from crud.accounts import normal_email
from crud.pages import PageRequest, Sort, cut, paginate
from crud.teams import PersonalTeam
from models import invitations, memberships, teams, users
from schemas.teams import InvitationCreate

LASTS = timedelta(days=14)
_NEWEST = Sort(invitations.c.created_at, invitations.c.id, descending=True)


class AlreadyMember(Conflict):
    """Whoever has this mailbox belongs to the team already."""

    code = "already_member"


def _select() -> Select[Any]:
    return select(invitations, teams.c.name.label("team_name")).join(teams, teams.c.id == invitations.c.team_id)


async def create(work: Work, settings: Settings, actor: Actor, team_id: UUID, wanted: InvitationCreate) -> Row[Any]:
    """Invite a mailbox into a team; inviting it again renews the invitation and its role.

    Raises NotFound, RoleTooLow, PersonalTeam, InvalidEmail, AlreadyMember.
    """
    team = await access.member(work, actor, team_id, "admin")
    if team.personal_of is not None:
        raise PersonalTeam
    email = normal_email(wanted.email, settings)
    there = exists().where(
        memberships.c.team_id == team_id, users.c.id == memberships.c.user_id, users.c.email == email
    )
    if (await work.conn.execute(select(there))).scalar_one():
        raise AlreadyMember
    values = {"role": wanted.role, "invited_by": actor.user_id, "expires_at": work.now + LASTS}
    statement = insert(invitations).values(team_id=team_id, email=email, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["team_id", "email"], index_where=text("status = 'pending'"), set_=values
    )
    invited = (await work.conn.execute(statement.returning(invitations.c.id))).scalar_one()
    row: Row[Any] = (await work.conn.execute(_select().where(invitations.c.id == invited))).one()
    return row


async def listed(work: Work, actor: Actor, team_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the invitations of a team that still wait, newest first. Raises NotFound, RoleTooLow."""
    await access.member(work, actor, team_id, "admin")
    waiting = and_(invitations.c.team_id == team_id, invitations.c.status == "pending")
    return await _page(work, _select().where(waiting), page)


async def of_mine(work: Work, user_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the invitations that wait for a person whose mail address is proven."""
    return await _page(work, _for(work, user_id), page)


async def _page(work: Work, statement: Select[Any], page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    return cut((await work.conn.execute(paginate(statement, _NEWEST, page))).all(), _NEWEST, page)


def _for(work: Work, user_id: UUID) -> Select[Any]:
    proven = and_(users.c.id == user_id, users.c.email == invitations.c.email, users.c.email_verified_at.is_not(None))
    return _select().join(users, proven).where(invitations.c.status == "pending", invitations.c.expires_at > work.now)


async def revoke(work: Work, actor: Actor, team_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back. Raises NotFound, RoleTooLow."""
    await access.member(work, actor, team_id, "admin")
    which = and_(invitations.c.id == invitation_id, invitations.c.team_id == team_id, invitations.c.status == "pending")
    statement = update(invitations).where(which).values(status="revoked", answered_at=work.now)
    if (await work.conn.execute(statement)).rowcount == 0:
        message = "there is no such invitation"
        raise NotFound(message)


async def accept(work: Work, user_id: UUID, invitation_id: UUID) -> UUID:
    """Join a team by an invitation to one's own, proven mail address; return the team's id.

    Raises NotFound for one that is another's, used, revoked or expired.
    """
    statement = _for(work, user_id).where(invitations.c.id == invitation_id).with_for_update(of=invitations)
    row = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no such invitation"
        raise NotFound(message)
    done = update(invitations).where(invitations.c.team_id == row.team_id, invitations.c.id == row.id)
    await work.conn.execute(done.values(status="accepted", answered_at=work.now))
    joined = insert(memberships).values(team_id=row.team_id, user_id=user_id, role=row.role)
    await work.conn.execute(joined.on_conflict_do_nothing())
    team_id: UUID = row.team_id
    await recipients.clocks_changed(work, [team_id], user_id=user_id)
    return team_id
