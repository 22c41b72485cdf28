"""Proving a password again, or just having done so: before what a stolen access token alone must not do."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import passwords
from core.errors import DomainError, Invalid
from core.settings import Settings
from core.work import Work
from crud import limits
from crud.limits import Bucket
from crud.principals import Principal
from models import sessions, users


class WrongPassword(Invalid):
    """The password is not yours."""

    code = "wrong_password"


class PasswordNeeded(Invalid):
    """The password is needed for this; send it, or sign in anew and repeat this within five minutes."""

    code = "password_required"


FRESH: Final = timedelta(minutes=5)
"""Whoever signed in that lately has just proven the password."""


def _bucket(user_id: UUID) -> Bucket:
    return Bucket("password", str(user_id), free=5, per=timedelta(days=1))


async def fresh(work: Work, me: Principal) -> bool:
    """Tell whether this very session has just begun."""
    begun = select(sessions.c.created_at).where(sessions.c.id == me.session_id)
    return bool((await work.conn.execute(begun)).scalar_one() > work.now - FRESH)


async def refusal(
    work: Work, settings: Settings, me: Principal, password: str, *, field: str = "password"
) -> DomainError | None:
    """Return why a person's own password is not accepted, if it is not; failures are counted, so keep the trace.

    Raises Busy when too many are being hashed.
    """
    bucket = _bucket(me.user_id)
    if waiting := await limits.hit_all(work, settings, bucket):
        return waiting
    stored = (await work.conn.execute(select(users.c.password_hash).where(users.c.id == me.user_id))).scalar_one()
    right, _ = await passwords.verify(password, stored)
    if not right:
        return WrongPassword(field=field)
    await limits.forgive(work, settings, wholly=(bucket,))
    return None
