"""Joining by an invitation without being signed in: its secret proves the mailbox, or a password says who it is."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, update

from core.errors import DomainError
from core.settings import Settings
from core.work import Work
from crud import credentials, invitations, logins, registration
from crud.logins import Attempt
from crud.proofs import InvalidProof
from models import sessions
from schemas.accounts import UserCreate


async def account(work: Work, invitation: Row[Any]) -> Row[Any] | None:
    """Return the account that a mailed invitation is for; None for a link, and where there is none yet."""
    return None if invitation.email is None else await credentials.of_mailbox(work, invitation.email)


async def by_mailbox(work: Work, settings: Settings, token: str, password: str | None) -> None:
    """Let the account join whose mailbox got the invitation.

    One that was never proven may have been made by somebody else, who knows its password: then `password` is the new
    one. Raises InvalidProof, CommonPassword, Busy, and what refuses an invitation.
    """
    invitation = await invitations.of_token(work, token)
    user = await account(work, invitation)
    if user is None or user.status != "active":
        raise InvalidProof(field="token")
    if user.email_verified_at is None:
        await credentials.take_over(work, settings, user.id, password or "")
        # Whoever was faster has used the secret up, which sets no second password.
        await invitations.of_token(work, token)
    await invitations.accept_token(work, settings, user.id, token)


async def by_registering(work: Work, settings: Settings, token: str, body: UserCreate) -> None:
    """Make an account that joins; raises what `registration.register` raises."""
    await registration.register(work, settings, body.model_copy(update={"invitation": token}))


async def by_password(
    work: Work, settings: Settings, token: str, attempt: Attempt, code: str | None
) -> DomainError | UUID:
    """Let somebody join whose password was right; nobody stays signed in. A refusal is returned, to be kept.

    Raises what refuses an invitation.
    """
    issued = await logins.finish(work, settings, attempt, code, None)
    if isinstance(issued, DomainError):
        return issued
    ended = update(sessions).where(sessions.c.id == issued.claims.session_id)
    await work.conn.execute(ended.values(revoked_at=work.now, revoked_reason="joined"))
    await invitations.accept_token(work, settings, issued.claims.user_id, token)
    return issued.claims.user_id
