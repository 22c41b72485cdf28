"""Changes of an account's mail address: confirmed by the mailbox of today and by the new one, within a day."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from core.errors import DomainError, Invalid, NotFound
from core.ids import uuid7
from core.sealing import seal
from core.settings import Settings
from core.work import Work
from crud import letters, opt_outs, proofs, reauthentication
from crud.accounts import EmailTaken, normal_email
from crud.addresses import SEALED, value_hash
from crud.deliveries import withdraw_from
from crud.principals import Principal
from crud.proofs import InvalidProof
from models import addresses, email_changes, users

log = structlog.get_logger()

OLD: Final = "email_change_old"
NEW: Final = "email_change_new"
LASTS: Final = timedelta(hours=24)


class SameEmail(Invalid):
    """Your account has this mail address already."""

    code = "same_email"


async def start(
    work: Work, settings: Settings, me: Principal, email: str, password: str, client: str
) -> Row[Any] | DomainError:
    """Ask both mailboxes whether the account moves to another one; return the change that waits.

    Asked again for the same address, those who have not confirmed yet get their link again. A refusal that has to be
    counted is returned. Raises InvalidEmail, SameEmail, Busy.
    """
    email = normal_email(email, settings)
    if email == me.email:
        raise SameEmail(field="email")
    if refusal := await reauthentication.refusal(work, settings, me, password):
        return refusal
    if refusal := await letters.limited(work, settings, email, client):
        return refusal
    if (await work.conn.execute(select(users.c.id).where(users.c.email == email))).first():
        # Returned, so that it is counted: nobody is to try out a list of addresses.
        return EmailTaken(field="email")
    row = await _waiting(work, me.user_id, email)
    for side, to, confirmed_at in ((OLD, me.email, row.old_confirmed_at), (NEW, email, row.new_confirmed_at)):
        if confirmed_at is None:
            await letters.write(work, settings, side, to, user_id=me.user_id, about=row.id)
    work.note("email_change.requested", object_type="user", object_id=me.user_id, fields=("email",))
    log.info("email_change.requested", user_id=str(me.user_id))
    return row


async def _waiting(work: Work, user_id: UUID, email: str) -> Row[Any]:
    """Return the change to an address that waits already, or make it in the place of any other."""
    user = await _locked(work, user_id)
    table = email_changes.c
    standing = select(email_changes).where(table.user_id == user_id, table.new_email == email)
    found: Row[Any] | None = (await work.conn.execute(standing.where(table.expires_at > work.now))).one_or_none()
    if found is not None:
        return found
    values = {
        "id": uuid7(),
        "new_email": email,
        # A mailbox that was never proven may be mistyped, or a stranger's: it has no say, and gets no mail.
        "old_confirmed_at": None if user.email_verified_at else work.now,
        "new_confirmed_at": None,
        "expires_at": work.now + LASTS,
        "created_at": work.now,
    }
    made = insert(email_changes).values(user_id=user_id, **values)
    made = made.on_conflict_do_update(index_elements=["user_id"], set_=values)
    row: Row[Any] = (await work.conn.execute(made.returning(email_changes))).one()
    await proofs.void(work, user_id, OLD, NEW)
    return row


async def _locked(work: Work, user_id: UUID) -> Row[Any]:
    """Lock an account before its change, as everybody does; raises InvalidProof where it is not active."""
    found = select(users).where(users.c.id == user_id, users.c.status == "active")
    user: Row[Any] | None = (await work.conn.execute(found.with_for_update(key_share=True))).one_or_none()
    if user is None:
        raise InvalidProof(field="token")
    return user


async def waiting(work: Work, change_id: UUID | None) -> Row[Any] | None:
    """Return a change that still waits; None where it was dropped, has run out, or is done."""
    found = select(email_changes).where(email_changes.c.id == change_id, email_changes.c.expires_at > work.now)
    return (await work.conn.execute(found)).one_or_none()


async def look(work: Work, token: str) -> Row[Any]:
    """Return the change that a mailed secret belongs to, with `old_email`; the secret goes on working.

    Raises InvalidProof.
    """
    proof = await proofs.look(work, (OLD, NEW), token)
    change = select(email_changes, users.c.email.label("old_email")).join(users, users.c.id == email_changes.c.user_id)
    change = change.where(email_changes.c.id == proof.about, email_changes.c.expires_at > work.now)
    row: Row[Any] | None = (await work.conn.execute(change)).one_or_none()
    if row is None:
        raise InvalidProof(field="token")
    return row


async def cancel(work: Work, me: Principal) -> None:
    """Drop the change that waits; its links are void. Raises NotFound."""
    if not await _drop(work, me.user_id):
        message = "no change of the mail address waits"
        raise NotFound(message)


async def refuse(work: Work, token: str) -> None:
    """Drop a change by the link that one of its mailboxes got; raises InvalidProof."""
    proof = await proofs.consume(work, (OLD, NEW), token)
    if not await _drop(work, proof.user_id):
        raise InvalidProof(field="token")


async def _drop(work: Work, user_id: UUID) -> bool:
    await proofs.void(work, user_id, OLD, NEW)
    waiting = and_(email_changes.c.user_id == user_id, email_changes.c.expires_at > work.now)
    gone = await work.conn.execute(delete(email_changes).where(waiting))
    if gone.rowcount:
        work.note("email_change.cancelled", user_id=user_id, object_type="user", object_id=user_id, fields=("email",))
        log.info("email_change.cancelled", user_id=str(user_id))
    return gone.rowcount > 0


async def confirm(work: Work, settings: Settings, token: str) -> bool:
    """Let one mailbox agree; return whether the account has moved, which it does when both have.

    Raises InvalidProof; EmailTaken when somebody else has an account with the new address by now.
    """
    proof = await proofs.consume(work, (OLD, NEW), token)
    user = await _locked(work, proof.user_id)
    side = email_changes.c.old_confirmed_at if proof.purpose == OLD else email_changes.c.new_confirmed_at
    waiting = and_(email_changes.c.id == proof.about, email_changes.c.expires_at > work.now)
    agreed = update(email_changes).where(waiting).values({side: work.now}).returning(email_changes)
    row = (await work.conn.execute(agreed)).one_or_none()
    if row is None:
        raise InvalidProof(field="token")
    work.note("email_change.confirmed", user_id=row.user_id, object_type="user", object_id=row.user_id)
    if row.old_confirmed_at is None or row.new_confirmed_at is None:
        return False
    await _move(work, settings, user, row)
    return True


async def _move(work: Work, settings: Settings, user: Row[Any], change: Row[Any]) -> None:
    moved = update(users).where(users.c.id == user.id)
    values = {"email": change.new_email, "email_verified_at": work.now, "updated_at": work.now}
    try:
        async with work.conn.begin_nested():
            await work.conn.execute(moved.values(**values, version=users.c.version + 1))
    except IntegrityError as error:
        message = "somebody else has made an account with this mail address meanwhile; choose another one"
        raise EmailTaken(message) from error
    await _move_address(work, settings, user, change.new_email)
    await work.conn.execute(delete(email_changes).where(email_changes.c.id == change.id))
    # What was mailed to the former mailbox opens nothing any more.
    await proofs.void(work, user.id)
    if user.email_verified_at is not None:
        await letters.write(work, settings, "email_changed", user.email, user_id=user.id)
    work.note("email.changed", user_id=user.id, object_type="user", object_id=user.id, fields=("email",))
    log.info("email.changed", user_id=str(user.id))


async def _move_address(work: Work, settings: Settings, user: Row[Any], email: str) -> None:
    """Let the account's own address follow, with all that waits for it; another row of the new mailbox gives way."""
    table = addresses.c
    old, new = (value_hash(settings, "email", value) for value in (user.email, email))
    mine = and_(table.user_id == user.id, table.kind == "email", table.deleted_at.is_(None))
    both = select(addresses).where(mine, or_(table.value_hash == old, table.value_hash == new))
    rows = {row.value_hash: row for row in await work.conn.execute(both.order_by(table.id).with_for_update())}
    changed = {"version": table.version + 1, "updated_at": work.now, "verified_at": work.now}
    if old in rows:
        if new in rows:
            gone = update(addresses).where(table.id == rows[new].id).values(deleted_at=work.now)
            await work.conn.execute(gone)
            await withdraw_from(work, [rows[new].id], "address_removed")
        sealed = seal(settings, email, where=SEALED, row_id=rows[old].id)
        changed |= {"sealed_value": sealed, "value_hash": new, "shown_value": email}
        # What the former mailbox suffered from says nothing about this one.
        changed |= {"failures": 0, "next_allowed_at": None}
    row = rows.get(old) or rows.get(new)
    if row is not None:
        await work.conn.execute(update(addresses).where(table.id == row.id).values(changed))
        await opt_outs.proven(work, row.id)


async def forget_old(work: Work) -> int:
    """Delete changes that were not confirmed in time; return how many."""
    return (await work.conn.execute(delete(email_changes).where(email_changes.c.expires_at < work.now))).rowcount
