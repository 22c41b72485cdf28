"""Inviting: what admins do with invitations. What the invited do is in `crud/invitations.py`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from core.errors import Conflict, NotFound
from core.settings import Settings
from core.work import Work
from crud import access, letters, limits, proofs, quotas, versions
from crud.access import Actor
from crud.accounts import normal_email
from crud.limits import Bucket
from crud.mailboxes import demand_proven
from crud.pages import PageRequest, Sort, cut, paginate
from crud.teams import PersonalTeam, locked
from crud.versions import Expected
from models import invitations, memberships, teams, users
from schemas.teams import InvitationCreate

PURPOSE: Final = "invitation"
"""Of the secrets, among all proofs; also the kind of the letter."""

MAILED_LASTS: Final = timedelta(days=14)
LINK_LASTS: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)

_inviter = users.alias("inviter")
_NEWEST = Sort(invitations.c.created_at, invitations.c.id, descending=True)


class AlreadyMember(Conflict):
    """Whoever has this mailbox belongs to the team already."""

    code = "already_member"


class Invited(NamedTuple):
    """An invitation, and the secret of a link, which is not shown again."""

    row: Row[Any]
    token: str | None = None


def shown(work: Work) -> Select[Any]:
    """Select invitations with what is shown of them."""
    return (
        select(
            invitations,
            teams.c.name.label("team_name"),
            _inviter.c.name.label("invited_by_name"),
            invitations.c.email.is_(None).label("link"),
            (invitations.c.expires_at <= work.now).label("expired"),
        )
        .join(teams, teams.c.id == invitations.c.team_id)
        .join(_inviter, _inviter.c.id == invitations.c.invited_by)
    )


async def paged(work: Work, statement: Select[Any], page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a page of some invitations, newest first, and the next cursor."""
    return cut((await work.conn.execute(paginate(statement, _NEWEST, page))).all(), _NEWEST, page)


async def create(work: Work, settings: Settings, actor: Actor, team_id: UUID, wanted: InvitationCreate) -> Invited:
    """Invite a mailbox, which is written to, or make a secret link; a mailbox invited again has its invitation renewed.

    Raises NotFound, RoleTooLow, PersonalTeam, InvalidEmail, AlreadyMember, EmailNotVerified, TooManyAttempts,
    QuotaReached.
    """
    # Held, or whoever is just being removed would leave a link behind that lets them in again.
    team = await locked(work, actor, team_id, "admin")
    if team.personal_of is not None:
        raise PersonalTeam
    email = None if wanted.email is None else normal_email(wanted.email, settings)
    lasts = wanted.expires_in or (LINK_LASTS if email is None else MAILED_LASTS)
    values: dict[str, Any] = {"role": wanted.role, "invited_by": actor.user_id, "expires_at": work.now + lasts}
    if email is None:
        values["max_uses"] = wanted.max_uses or 1
    else:
        await _check(work, settings, actor, team_id, email)
    invited = await _stored(work, team_id, email, values)
    await quotas.check(work, "invitations", team_id)
    work.note("invitation.created", team_id=team_id, object_type="invitation", object_id=invited)
    token = None
    if email is None:
        token = await proofs.make(work, PURPOSE, about=invited, lifetime=lasts)
    else:
        await letters.write(work, settings, PURPOSE, email, about=invited)
    return Invited(await _one(work, team_id, invited), token)


async def _check(work: Work, settings: Settings, actor: Actor, team_id: UUID, email: str) -> None:
    there = exists().where(
        memberships.c.team_id == team_id, users.c.id == memberships.c.user_id, users.c.email == email
    )
    await demand_proven(work, settings, actor.user_id)
    if (await work.conn.execute(select(there))).scalar_one():
        raise AlreadyMember
    # Somebody may press “again”; nobody may fill a mailbox, or write to the whole world from here.
    refusal = await limits.hit_all(
        work,
        settings,
        Bucket("invitation", f"{team_id} {email}", 5, DAY, longest=timedelta(hours=6)),
        Bucket("invitations to", email, 20, DAY, longest=timedelta(hours=1)),
        Bucket("invitations by", str(actor.user_id), 100, DAY, longest=timedelta(minutes=15)),
    )
    if refusal is not None:
        raise refusal


async def _stored(work: Work, team_id: UUID, email: str | None, values: dict[str, Any]) -> UUID:
    statement = insert(invitations).values(team_id=team_id, email=email, created_at=work.now, **values)
    renewed = {**values, "version": invitations.c.version + 1}
    # Links have no mailbox, so that none of them is in the way of another.
    statement = statement.on_conflict_do_update(
        index_elements=["team_id", "email"], index_where=text("status = 'pending'"), set_=renewed
    )
    invited: UUID = (await work.conn.execute(statement.returning(invitations.c.id))).scalar_one()
    return invited


async def _one(work: Work, team_id: UUID, invitation_id: UUID, *, lock: bool = False) -> Row[Any]:
    key = and_(invitations.c.team_id == team_id, invitations.c.id == invitation_id, invitations.c.status == "pending")
    statement = shown(work).where(key)
    if lock:
        statement = statement.with_for_update(of=invitations)
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no such invitation"
        raise NotFound(message)
    return row


async def listed(work: Work, actor: Actor, team_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the invitations of a team that still wait, newest first. Raises NotFound, RoleTooLow."""
    await access.member(work, actor, team_id, "admin")
    waiting = and_(invitations.c.team_id == team_id, invitations.c.status == "pending")
    return await paged(work, shown(work).where(waiting), page)


async def get(work: Work, actor: Actor, team_id: UUID, invitation_id: UUID) -> Row[Any]:
    """Return an invitation of a team that still waits. Raises NotFound, RoleTooLow."""
    await access.member(work, actor, team_id, "admin")
    return await _one(work, team_id, invitation_id)


async def waiting(work: Work, invitation_id: UUID) -> Row[Any] | None:
    """Return an invitation that can still be accepted, whatever its team; None where there is none."""
    living = and_(invitations.c.status == "pending", invitations.c.expires_at > work.now)
    statement = shown(work).where(invitations.c.id == invitation_id, living)
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    return row


async def revoke(work: Work, actor: Actor, team_id: UUID, invitation_id: UUID, *, expected: Expected) -> None:
    """Take an invitation back: its secret opens nothing any more. Raises NotFound, RoleTooLow, VersionConflict."""
    await access.member(work, actor, team_id, "admin")
    row = await _one(work, team_id, invitation_id, lock=True)
    versions.check(row.version, expected)
    await _revoke(work, and_(invitations.c.team_id == team_id, invitations.c.id == invitation_id))
    work.note("invitation.revoked", team_id=team_id, object_type="invitation", object_id=invitation_id)


async def revoke_of(work: Work, team_id: UUID, user_id: UUID) -> int:
    """Take back what a person has invited, who may not invite any more, and what invites them; return how many.

    They know the secrets of their links, and have perhaps invited a second mailbox of their own.
    """
    theirs = select(users.c.email).where(users.c.id == user_id).scalar_subquery()
    concerned = or_(invitations.c.invited_by == user_id, invitations.c.email == theirs)
    return await _revoke(work, and_(invitations.c.team_id == team_id, concerned))


async def revoke_all(work: Work, team_id: UUID) -> int:
    """Take back all invitations into a team, which ends; return how many."""
    return await _revoke(work, invitations.c.team_id == team_id)


async def _revoke(work: Work, which: ColumnElement[bool]) -> int:
    values = {"status": "revoked", "answered_at": work.now, "version": invitations.c.version + 1}
    statement = update(invitations).where(which, invitations.c.status == "pending").values(values)
    return (await work.conn.execute(statement)).rowcount
