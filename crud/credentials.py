"""Passwords: forgotten, set anew by a mailed link, changed by whoever knows the old one."""

from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, and_, delete, insert, or_, select, update

from core import passwords, tokens
from core.errors import DomainError
from core.passwords import CommonPassword
from core.settings import Settings
from core.tokens import Claims
from core.work import Work
from crud import addresses, letters, mailboxes, proofs, reauthentication, sessions
from crud.accounts import normal_email
from crud.deliveries import withdraw_from
from crud.principals import Principal
from crud.proofs import InvalidProof
from crud.reauthentication import WrongPassword
from crud.sessions import REFRESH_LIFETIME, Issued
from models import addresses as address_rows
from models import api_keys, email_changes, refresh_tokens, teams, totp, users

log = structlog.get_logger()

RESET: Final = "password_reset"


async def forgot(work: Work, settings: Settings, email: str, client: str) -> None:
    """Send the mail by which a password is set anew, if there is such an account; always the same work.

    Raises InvalidEmail, TooManyAttempts.
    """
    email = normal_email(email, settings)
    if refusal := await letters.limited(work, settings, email, client):
        raise refusal
    await letters.write(work, settings, "password_reset", email)


async def reset(work: Work, settings: Settings, token: str, password: str) -> None:
    """Set a password by the secret of a mailed link, which proves the mailbox as well; all sessions end.

    Raises CommonPassword, InvalidProof, Busy.
    """
    passwords.refuse_common(password)
    # First, because hashing is dear and strangers may guess.
    proof = await proofs.consume(work, RESET, token)
    await take_over(work, settings, proof.user_id, password)


async def take_over(work: Work, settings: Settings, user_id: UUID, password: str) -> None:
    """Give an account to whoever has just shown that its mailbox is theirs: whoever had it before is out.

    Raises CommonPassword, InvalidProof where the account is not active, Busy.
    """
    passwords.refuse_common(password)
    user = await _set(work, user_id, password)
    if user is None:
        raise InvalidProof(field="token")
    if user.email_verified_at is None:
        await _strip(work, settings, user)
    await mailboxes.prove_account(work, settings, user_id)
    await sessions.end_all(work, user_id, "password_reset")
    await proofs.void(work, user_id)
    # Whoever took the account over may have begun to move it away.
    await work.conn.execute(delete(email_changes).where(email_changes.c.user_id == user_id))
    await letters.write(work, settings, "password_changed", user.email, user_id=user_id)
    work.note("password.reset", user_id=user_id, object_type="user", object_id=user_id, fields=("password",))
    log.info("password.reset", user_id=str(user_id))


async def _strip(work: Work, settings: Settings, user: Row[Any]) -> None:
    """Take away what would serve whoever made an account for somebody else's mailbox: factor, keys, addresses."""
    await work.conn.execute(delete(totp).where(totp.c.user_id == user.id))
    keys = update(api_keys).where(api_keys.c.created_by == user.id, api_keys.c.revoked_at.is_(None))
    await work.conn.execute(keys.values(revoked_at=work.now))
    own = addresses.value_hash(settings, "email", user.email)
    table, owned = address_rows.c, select(teams.c.id).where(teams.c.personal_of == user.id)
    theirs = and_(or_(table.user_id == user.id, table.team_id.in_(owned)), table.deleted_at.is_(None))
    gone = update(address_rows).where(theirs, or_(table.kind != "email", table.value_hash != own))
    removed = gone.values(deleted_at=work.now, version=table.version + 1).returning(table.id)
    await withdraw_from(work, (await work.conn.execute(removed)).scalars().all(), "address_removed")


async def of_mailbox(work: Work, email: str) -> Row[Any] | None:
    """Return the account with a mail address, whatever its state; for whoever has shown that it is theirs."""
    found = select(users).where(users.c.email == email)
    return (await work.conn.execute(found)).one_or_none()


async def change(work: Work, settings: Settings, me: Principal, current: str, new: str) -> Issued | DomainError:
    """Change my password; everything signed in elsewhere ends, and this session goes on with new tokens.

    A refusal that has to be counted is returned. Raises CommonPassword, Busy.
    """
    try:
        passwords.refuse_common(new)
    except CommonPassword:
        raise CommonPassword(field="new_password") from None
    if refusal := await reauthentication.refusal(work, settings, me, current, field="current_password"):
        return refusal
    user = await _set(work, me.user_id, new)
    if user is None or me.session_id is None:
        return WrongPassword(field="current_password")
    await sessions.end_all(work, me.user_id, "password_changed", but=me.session_id)
    await proofs.void(work, me.user_id, RESET)
    await letters.write(work, settings, "password_changed", user.email, user_id=me.user_id)
    work.note("password.changed", object_type="user", object_id=me.user_id, fields=("password",))
    log.info("password.changed", user_id=str(me.user_id))
    return await _renew(work, Claims(me.user_id, me.session_id, user.token_version))


async def _set(work: Work, user_id: UUID, password: str) -> Row[Any] | None:
    hashed = await passwords.hashed(password)
    changed = update(users).where(users.c.id == user_id, users.c.status == "active")
    values = {"password_hash": hashed, "token_version": users.c.token_version + 1}
    row: Row[Any] | None = (await work.conn.execute(changed.values(values).returning(users))).one_or_none()
    return row


async def _renew(work: Work, claims: Claims) -> Issued:
    """Give a session new tokens in the place of all that it had."""
    of_session = refresh_tokens.c.session_id == claims.session_id
    # A refresh under way may commit one more while this waits for the one that it used up.
    while (await work.conn.execute(delete(refresh_tokens).where(of_session))).rowcount:
        pass
    secret = tokens.opaque()
    row = {"token_hash": tokens.fingerprint(secret), "session_id": claims.session_id}
    await work.conn.execute(insert(refresh_tokens).values(**row, expires_at=work.now + REFRESH_LIFETIME))
    return Issued(claims, secret)


async def whose(work: Work, token: str) -> str:
    """Return the mail address of the account whose password a mailed secret sets; raises InvalidProof."""
    proof = await proofs.look(work, RESET, token)
    active = select(users.c.email).where(users.c.id == proof.user_id, users.c.status == "active")
    email: str | None = (await work.conn.execute(active)).scalar_one_or_none()
    if email is None:
        raise InvalidProof(field="token")
    return email
