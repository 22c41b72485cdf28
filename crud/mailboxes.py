"""Mailboxes: proven by the secret of a mailed link; until then nothing but that link is sent to them."""

from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, and_, func, or_, select, update

from core.errors import Conflict, Forbidden, Invalid
from core.settings import Settings
from core.work import About, Work
from crud import addresses, letters, opt_outs, proofs
from crud.accounts import normal_email
from crud.addresses import Owner, opened, value_hash
from crud.proofs import InvalidProof
from models import addresses as table
from models import memberships, teams, users

log = structlog.get_logger()

PURPOSE: Final = "mailbox"


class AlreadyVerified(Conflict):
    """The mailbox is proven already."""

    code = "already_verified"


class NotAMailbox(Invalid):
    """Only mailboxes are proven by a mail; other addresses need no proof."""

    code = "not_a_mailbox"


class EmailNotVerified(Forbidden):
    """Prove the mail address of your account first; `POST /auth/email/resend` sends the mail again."""

    code = "email_not_verified"


class AddressNotReady(Conflict):
    """The address is disabled or not proven, so nothing is sent to it."""

    code = "address_not_ready"


async def ask_again(work: Work, settings: Settings, email: str, client: str) -> None:
    """Send the mail that proves an account's mailbox once more, if there is such an account; always the same work.

    Raises InvalidEmail, TooManyAttempts.
    """
    email = normal_email(email, settings)
    if refusal := await letters.limited(work, settings, email, client):
        raise refusal
    await letters.write(work, settings, "verify_email", email)


async def ask(work: Work, settings: Settings, owner: Owner, address_id: UUID, user_id: UUID, client: str) -> None:
    """Send the mail that proves an address of a person or team, on behalf of somebody.

    Raises NotFound, NotAMailbox, AlreadyVerified, EmailNotVerified, TooManyAttempts.
    """
    row = await addresses.get(work, owner, address_id)
    if row.kind != "email":
        raise NotAMailbox
    # Whoever has opted out proves the mailbox once more to have reminders again.
    if row.verified and row.disabled_reason != opt_outs.REASON:
        raise AlreadyVerified
    person = (await work.conn.execute(select(users).where(users.c.id == user_id))).one()
    to = opened(settings, row)
    own = owner.user_id == user_id and row.value_hash == value_hash(settings, "email", person.email)
    if person.email_verified_at is None and not own:
        raise EmailNotVerified
    if refusal := await letters.limited(work, settings, to.lower(), client):
        raise refusal
    await letters.write(work, settings, "verify_address", to, user_id=user_id, about=address_id)


async def try_out(work: Work, settings: Settings, owner: Owner, address_id: UUID, user_id: UUID) -> None:
    """Send a test message to an address through its channel; raises NotFound, AddressNotReady, TooManyAttempts."""
    row = await addresses.get(work, owner, address_id)
    if row.disabled or not row.verified:
        raise AddressNotReady
    if refusal := await letters.limited(work, settings, str(address_id)):
        raise refusal
    await letters.write(work, settings, "address_test", None, user_id=user_id, about=address_id)


async def confirm(work: Work, settings: Settings, token: str) -> None:
    """Take a mailbox as proven by the secret that was mailed to it; raises InvalidProof."""
    proof = await proofs.consume(work, PURPOSE, token)
    if proof.about is None:
        address_id = await prove_account(work, settings, proof.user_id)
    else:
        address_id = await _prove_address(work, settings, proof)
    if address_id is not None:
        await opt_outs.proven(work, address_id)


async def _prove_address(work: Work, settings: Settings, proof: Row[Any]) -> UUID | None:
    there = select(table).where(table.c.id == proof.about, table.c.deleted_at.is_(None))
    row = (await work.conn.execute(there)).one_or_none()
    if row is None:
        raise InvalidProof(field="token")
    if row.user_id is not None and await _is_of_account(work, settings, row):
        # First the account, then its addresses, as everybody locks them.
        return await prove_account(work, settings, row.user_id)
    values = {"verified_at": work.now, "version": table.c.version + 1, "updated_at": work.now}
    await work.conn.execute(update(table).where(table.c.id == row.id).values(values))
    about: About = {"object_type": "address", "object_id": row.id, "fields": ("verified_at",)}
    work.note("address.verified", **(about | {"team_id": row.team_id, "user_id": proof.user_id}))
    log.info("address.verified", address_id=str(row.id))
    address_id: UUID = row.id
    return address_id


async def _is_of_account(work: Work, settings: Settings, row: Row[Any]) -> bool:
    email = (await work.conn.execute(select(users.c.email).where(users.c.id == row.user_id))).scalar_one()
    return bool(row.value_hash == value_hash(settings, "email", email))


async def prove_account(work: Work, settings: Settings, user_id: UUID) -> UUID | None:
    """Take an account's mailbox as proven, and with it what waited for that; return its address. Raises InvalidProof.

    It does not undo an opt-out: whoever sets a new password has not asked for reminders.
    """
    email = (
        await work.conn.execute(
            update(users)
            .where(users.c.id == user_id, users.c.status == "active")
            .values(email_verified_at=func.coalesce(users.c.email_verified_at, work.now), version=users.c.version + 1)
            .returning(users.c.email)
        )
    ).scalar_one_or_none()
    if email is None:
        raise InvalidProof(field="token")
    address_id = await _verify_addresses(work, user_id, value_hash(settings, "email", email))
    work.note("email.verified", user_id=user_id, object_type="user", object_id=user_id, fields=("email_verified_at",))
    log.info("email.verified", user_id=str(user_id))
    return address_id


async def _verify_addresses(work: Work, user_id: UUID, hashed: bytes) -> UUID | None:
    """Take the account's own mailbox as proven, and what is no mailbox and only waited for it; return its id."""
    owned = select(memberships.c.team_id).where(memberships.c.user_id == user_id, memberships.c.role == "owner")
    mine = or_(table.c.user_id == user_id, table.c.team_id.in_(owned))
    itself = and_(table.c.user_id == user_id, table.c.kind == "email", table.c.value_hash == hashed)
    waiting = and_(mine, table.c.verified_at.is_(None), or_(itself, table.c.kind != "email"))
    values = {"verified_at": work.now, "version": table.c.version + 1, "updated_at": work.now}
    which = and_(table.c.deleted_at.is_(None), waiting)
    await work.conn.execute(update(table).where(which).values(values))
    found = select(table.c.id).where(itself, table.c.deleted_at.is_(None))
    return (await work.conn.execute(found)).scalar_one_or_none()


async def demand_proven(work: Work, settings: Settings, user_id: UUID) -> None:
    """Raise EmailNotVerified where somebody would make us write to strangers before their own mailbox is proven."""
    if not settings.verifies_email:
        return
    own = select(users.c.email_verified_at).where(users.c.id == user_id)
    if (await work.conn.execute(own)).scalar_one() is None:
        raise EmailNotVerified


async def unproven(work: Work, address_id: UUID) -> bool:
    """Tell whether an address is there and still to be proven, the first time or after an opt-out."""
    unsettled = or_(table.c.verified_at.is_(None), table.c.disabled_reason == opt_outs.REASON)
    waits = select(table.c.id).where(table.c.id == address_id, unsettled, table.c.deleted_at.is_(None))
    return (await work.conn.execute(waits)).first() is not None


async def reachable(work: Work, address_id: UUID) -> Row[Any] | None:
    """Return an address that may be written to, with `team_name` and `team_timezone` of its team; else None."""
    ready = and_(table.c.verified_at.is_not(None), table.c.disabled_at.is_(None), table.c.deleted_at.is_(None))
    named = (teams.c.name.label("team_name"), teams.c.timezone.label("team_timezone"))
    found = select(table, *named).outerjoin(teams, teams.c.id == table.c.team_id).where(table.c.id == address_id, ready)
    return (await work.conn.execute(found)).one_or_none()
