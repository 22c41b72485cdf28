"""Deactivating people and bringing them back; making and unmaking operators. An installation keeps an operator."""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, exists, select, update

from core.errors import Conflict, NotFound
from core.settings import Settings
from core.work import Work
from crud import leavers, people, proofs, recipients
from crud.deliveries import withdraw_from
from crud.registration import hold_operators
from models import addresses, letters, memberships, sessions, users

log = structlog.get_logger()


class LastOperator(Conflict):
    """An installation needs an operator; make somebody else operator first."""

    code = "last_operator"


async def deactivate(work: Work, settings: Settings, user_id: UUID) -> Row[Any]:
    """Shut a person out at once and send them nothing more; return the account as operators see it.

    Sessions end; API keys sleep until the person is back; others of their teams are asked in their place.
    Raises NotFound, LastOperator.
    """
    row = await _locked(work, user_id)
    if row.status == "active":
        if row.is_operator:
            await keep_an_operator(work, without=user_id)
        await _change(work, user_id, status="deactivated", token_version=users.c.token_version + 1)
        await leavers.rests(work, settings, user_id)
        await silence(work, user_id, "deactivated")
        work.note("account.deactivated", object_type="user", object_id=user_id)
        log.info("user.deactivated", user_id=str(user_id))
    return await people.get(work, user_id)


async def activate(work: Work, user_id: UUID) -> Row[Any]:
    """Let a person in again; what was cancelled in between stays so. Raises NotFound."""
    row = await _locked(work, user_id)
    if row.status == "deactivated":
        await _change(work, user_id, status="active")
        await _clocks(work, user_id)
        work.note("account.activated", object_type="user", object_id=user_id)
        log.info("user.activated", user_id=str(user_id))
    return await people.get(work, user_id)


async def set_operator(work: Work, user_id: UUID, *, is_operator: bool) -> Row[Any]:
    """Make a person an operator, or no longer. Raises NotFound, LastOperator."""
    row = await _locked(work, user_id)
    if row.is_operator != is_operator:
        if not is_operator:
            await keep_an_operator(work, without=user_id)
        await _change(work, user_id, is_operator=is_operator)
        work.note("account.promoted" if is_operator else "account.demoted", object_type="user", object_id=user_id)
    return await people.get(work, user_id)


async def _locked(work: Work, user_id: UUID) -> Row[Any]:
    # Before the row, and by everybody: two operators must not take leave of each other at the same moment.
    await hold_operators(work)
    which = select(users).where(users.c.id == user_id, users.c.status != "erased").with_for_update(key_share=True)
    row: Row[Any] | None = (await work.conn.execute(which)).one_or_none()
    if row is None:
        message = "there is no such person"
        raise NotFound(message)
    return row


async def keep_an_operator(work: Work, *, without: UUID) -> None:
    """Raise LastOperator unless somebody else is an active operator; call `hold_operators` before."""
    others = exists().where(users.c.is_operator, users.c.status == "active", users.c.id != without)
    if not (await work.conn.execute(select(others))).scalar_one():
        raise LastOperator


async def _change(work: Work, user_id: UUID, **values: object) -> None:
    changed = update(users).where(users.c.id == user_id)
    await work.conn.execute(changed.values(**values, version=users.c.version + 1, updated_at=work.now))


async def silence(work: Work, user_id: UUID, reason: str) -> None:
    """End a person's sessions and the secrets of mailed links, and cancel all that waits to be sent to them."""
    ended = update(sessions).where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
    await work.conn.execute(ended.values(revoked_at=work.now, revoked_reason=reason))
    theirs = (await work.conn.execute(select(addresses.c.id).where(addresses.c.user_id == user_id))).scalars().all()
    await withdraw_from(work, theirs, reason)
    waiting = update(letters).where(letters.c.user_id == user_id, letters.c.ended_at.is_(None))
    stopped = {"status": "suppressed", "reason": reason, "sealed_to": None, "lease_token": None, "ended_at": work.now}
    await work.conn.execute(waiting.values(stopped))
    await proofs.void(work, user_id)


async def _clocks(work: Work, user_id: UUID) -> None:
    # Only active people count where a reminder comes on everybody's own clock.
    mine = select(memberships.c.team_id).where(memberships.c.user_id == user_id)
    await recipients.clocks_changed(work, (await work.conn.execute(mine)).scalars().all(), user_id=user_id)
