"""Invitations as the invited see them: by a proven mailbox, or by the secret of a link."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from core.errors import Forbidden, NotFound
from core.settings import Settings
from core.work import Work
from crud import proofs, quotas, recipients, teams
from crud.inviting import PURPOSE, paged, shown
from crud.mailboxes import EmailNotVerified, prove_account
from crud.pages import PageRequest
from crud.proofs import InvalidProof
from models import invitations, memberships, users

KEPT: Final = timedelta(days=30)


class OtherMailbox(Forbidden):
    """The invitation is for another mail address; sign in with that one, or have this one invited."""

    code = "other_mailbox"


def link(settings: Settings, token: str) -> str:
    """Return the address of the page where an invitation is accepted."""
    return f"{settings.public_url.rstrip('/')}/account/invitation?token={token}"


async def of_mine(work: Work, user_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the invitations that wait for a person whose mail address is proven."""
    return await paged(work, _for(work, user_id).where(users.c.email_verified_at.is_not(None)), page)


def _for(work: Work, user_id: UUID) -> Select[Any]:
    theirs = and_(users.c.id == user_id, users.c.email == invitations.c.email)
    columns = (users.c.email_verified_at,)
    waiting = (invitations.c.status == "pending", invitations.c.expires_at > work.now)
    return shown(work).add_columns(*columns).join(users, theirs).where(*waiting)


async def _mine(work: Work, user_id: UUID, invitation_id: UUID) -> Row[Any]:
    """Lock the team of an invitation to a person, then the invitation, and return it."""
    statement = _for(work, user_id).where(invitations.c.id == invitation_id)
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is not None and row.email_verified_at is None:
        raise EmailNotVerified
    if row is not None and await teams.hold(work, row.team_id):
        row = (await work.conn.execute(statement.with_for_update(of=invitations))).one_or_none()
    if row is None:
        message = "there is no such invitation"
        raise NotFound(message)
    return row


async def accept(work: Work, user_id: UUID, invitation_id: UUID) -> UUID:
    """Join a team by an invitation to one's own, proven mail address; return the team's id.

    Raises NotFound for one that is another's, used, revoked or expired; EmailNotVerified.
    """
    return await _join(work, user_id, await _mine(work, user_id, invitation_id))


async def decline(work: Work, user_id: UUID, invitation_id: UUID) -> None:
    """Refuse an invitation to one's own, proven mail address. Raises NotFound, EmailNotVerified."""
    await _decline(work, await _mine(work, user_id, invitation_id), user_id)


async def of_token(work: Work, token: str) -> Row[Any]:
    """Return the invitation that a secret belongs to, for a page that shows it, with `has_account`.

    `email` is null for a link. Raises InvalidProof, alike for what is wrong, used up, revoked or expired.
    """
    proof = await proofs.look(work, PURPOSE, token)
    known = exists().where(users.c.email == invitations.c.email).label("has_account")
    statement = shown(work).add_columns(known).where(invitations.c.id == proof.about)
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None or row.expired or row.status != "pending":
        raise InvalidProof(field="token")
    return row


async def accept_token(work: Work, settings: Settings, user_id: UUID, token: str) -> UUID:
    """Join a team by the secret of a mail, which proves the mailbox, or by that of a link; return the team's id.

    Whoever belongs to the team already uses nothing up and keeps their role. Raises InvalidProof, OtherMailbox.
    """
    proof = await proofs.look(work, PURPOSE, token)
    # In the order in which changes of accounts lock: first the person, then the team.
    me = select(users.c.email, users.c.email_verified_at).where(users.c.id == user_id)
    person = (await work.conn.execute(me.with_for_update(key_share=True))).one()
    which = shown(work).where(invitations.c.id == proof.about)
    row = (await work.conn.execute(which)).one_or_none()
    if row is None or not await teams.hold(work, row.team_id):
        raise InvalidProof(field="token")
    row = (await work.conn.execute(which.with_for_update(of=invitations))).one()
    waits = row.status == "pending" and not row.expired
    if not waits or row.email is None:
        if await _belongs(work, user_id, row.team_id):
            team_id: UUID = row.team_id
            return team_id
        if not waits:
            raise InvalidProof(field="token")
    elif row.email != person.email:
        raise OtherMailbox
    elif person.email_verified_at is None:
        await prove_account(work, settings, user_id)
    return await _join(work, user_id, row)


async def decline_token(work: Work, token: str) -> None:
    """Refuse an invitation that was mailed, with or without an account. Raises InvalidProof, also for a link."""
    row = await of_token(work, token)
    if row.email is None:
        raise InvalidProof(field="token")
    await _decline(work, row)


async def _belongs(work: Work, user_id: UUID, team_id: UUID) -> bool:
    there = exists().where(memberships.c.team_id == team_id, memberships.c.user_id == user_id)
    found: bool = (await work.conn.execute(select(there))).scalar_one()
    return found


async def _join(work: Work, user_id: UUID, row: Row[Any]) -> UUID:
    """Make a person a member by a locked invitation of a held team, and count the invitation as used."""
    team_id: UUID = row.team_id
    uses = row.uses + 1
    status = "accepted" if uses >= row.max_uses else "pending"
    used = {"uses": uses, "status": status, "answered_at": work.now, "version": invitations.c.version + 1}
    key = and_(invitations.c.team_id == team_id, invitations.c.id == row.id)
    await work.conn.execute(update(invitations).where(key).values(used))
    joined = insert(memberships).values(team_id=team_id, user_id=user_id, role=row.role).on_conflict_do_nothing()
    if (await work.conn.execute(joined)).rowcount:
        await quotas.check(work, "members", team_id)
        work.note("member.joined", team_id=team_id, object_type="member", object_id=user_id, user_id=user_id)
    # What else waits for this mailbox would let them in again after they have been removed.
    mailbox = select(users.c.email).where(users.c.id == user_id).scalar_subquery()
    others = and_(invitations.c.team_id == team_id, invitations.c.email == mailbox, invitations.c.status == "pending")
    await work.conn.execute(update(invitations).where(others).values(used | {"status": "accepted", "uses": 1}))
    await recipients.clocks_changed(work, [team_id], user_id=user_id)
    return team_id


async def _decline(work: Work, row: Row[Any], user_id: UUID | None = None) -> None:
    declined = {"status": "declined", "answered_at": work.now, "version": invitations.c.version + 1}
    key = and_(invitations.c.team_id == row.team_id, invitations.c.id == row.id, invitations.c.status == "pending")
    await work.conn.execute(update(invitations).where(key).values(declined))
    work.note("invitation.declined", team_id=row.team_id, object_type="invitation", object_id=row.id, user_id=user_id)


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` invitations that ended or expired a month ago; return how many."""
    old = select(invitations.c.id).where(invitations.c.expires_at < work.now - KEPT).limit(limit)
    return (await work.conn.execute(delete(invitations).where(invitations.c.id.in_(old)))).rowcount
