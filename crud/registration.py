"""Registration: who may make an account by themselves, and who becomes the first operator."""

from typing import Any

import structlog
from sqlalchemy import Row, exists, func, select

from core import passwords
from core.errors import Forbidden
from core.settings import Settings
from core.work import Work
from crud import accounts, invitations, letters
from crud.accounts import Newcomer
from models import users
from schemas.accounts import UserCreate

log = structlog.get_logger()

# The number of the advisory lock under which the first operator is found, and the last one is kept.
OPERATORS = 7_203_511_846


class RegistrationClosed(Forbidden):
    """Nobody registers here by themselves; ask the operator for an account."""

    code = "registration_closed"


class InvitationRequired(Forbidden):
    """An account here begins with an invitation; ask somebody whose team you are to join for one."""

    code = "invitation_required"


async def register(work: Work, settings: Settings, body: UserCreate) -> Row[Any]:
    """Make an account with its personal team and its first address, and return it as `accounts.get` does.

    On an empty installation the first one becomes the operator. An `invitation` is accepted in passing. Raises
    RegistrationClosed, InvitationRequired, InvalidEmail, CommonPassword, Busy, EmailTaken, and what refuses an
    invitation.
    """
    if settings.registration == "closed":
        raise RegistrationClosed
    first = await is_empty(work)
    if settings.registration == "invite" and not first and body.invitation is None:
        raise InvitationRequired(field="invitation")
    if body.invitation is not None:
        # Before the slow hash, so that guessing costs us little.
        await invitations.of_token(work, body.invitation)
    email = accounts.normal_email(body.email, settings)
    passwords.refuse_common(body.password)
    newcomer = Newcomer(
        email,
        body.name,
        await passwords.hashed(body.password),
        timezone=body.timezone,
        locale=body.locale,
        verified_at=None if settings.verifies_email else work.now,
        is_operator=first,
    )
    user_id = await accounts.make(work, settings, newcomer)
    if body.invitation is not None:
        await invitations.accept_token(work, settings, user_id, body.invitation)
    if settings.verifies_email:
        await letters.write(work, settings, "verify_email", email, user_id=user_id)
    work.note("account.registered", user_id=user_id, object_type="user", object_id=user_id)
    log.info("user.registered", user_id=str(user_id), operator=first)
    return await accounts.get(work, user_id)


async def is_empty(work: Work) -> bool:
    """Tell whether nobody has an account; then it stays so until the commit, but for whoever asked."""
    somebody = select(exists().where(users.c.status != "erased"))
    if (await work.conn.execute(somebody)).scalar_one():
        return False
    await hold_operators(work)
    # Whoever was faster has committed by now.
    return not (await work.conn.execute(somebody)).scalar_one()


async def hold_operators(work: Work) -> None:
    """Let no other work make or unmake an operator before this commits."""
    await work.conn.execute(select(func.pg_advisory_xact_lock(OPERATORS)))
