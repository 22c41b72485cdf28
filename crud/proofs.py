"""Proofs: whoever brings the secret of a mailed link has read that mailbox. Each works once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, select
from sqlalchemy.dialects.postgresql import insert

from core import tokens
from core.errors import Invalid
from core.work import Work
from models import proofs

LIFETIME: Final = timedelta(minutes=30)


class InvalidProof(Invalid):
    """The link or token is wrong, was used, has expired, or a newer one has been sent."""

    code = "invalid_token"


async def make(
    work: Work,
    purpose: str,
    *,
    user_id: UUID | None = None,
    about: UUID | None = None,
    lifetime: timedelta = LIFETIME,
) -> str:
    """Return a new secret (256 bits), of which only a hash is kept; a former one for the same is void from now on."""
    secret = tokens.opaque()
    values = {"token_hash": tokens.fingerprint(secret), "expires_at": work.now + lifetime, "created_at": work.now}
    made = insert(proofs).values(purpose=purpose, user_id=user_id, about=about, **values)
    made = made.on_conflict_do_update(index_elements=["purpose", "user_id", "about"], set_=values)
    await work.conn.execute(made)
    return secret


def _is(work: Work, purposes: Sequence[str], token: str) -> ColumnElement[bool]:
    table = proofs.c
    ours = table.token_hash == tokens.fingerprint(token)
    return and_(ours, table.purpose.in_(purposes), table.expires_at > work.now)


async def consume(work: Work, purpose: str | Sequence[str], token: str) -> Row[Any]:
    """Return `purpose`, `user_id` and `about` of a secret, which is void from now on; of two at once, one gets it.

    Raises InvalidProof, alike for what was never given, has expired, was used or serves another purpose.
    """
    purposes = [purpose] if isinstance(purpose, str) else purpose
    taken = delete(proofs).where(_is(work, purposes, token)).returning(proofs)
    return _found((await work.conn.execute(taken)).one_or_none())


async def look(work: Work, purpose: str | Sequence[str], token: str) -> Row[Any]:
    """Return the same as `consume`, for a page that only shows something; the secret goes on working."""
    purposes = [purpose] if isinstance(purpose, str) else purpose
    return _found((await work.conn.execute(select(proofs).where(_is(work, purposes, token)))).one_or_none())


def _found(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise InvalidProof(field="token")
    return row


async def void(work: Work, user_id: UUID, *purposes: str) -> None:
    """Make the secrets of a person void: those for some purposes, or all."""
    which = proofs.c.user_id == user_id
    if purposes:
        which = and_(which, proofs.c.purpose.in_(purposes))
    await work.conn.execute(delete(proofs).where(which))


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` secrets that have expired; return how many."""
    old = select(proofs.c.token_hash).where(proofs.c.expires_at < work.now).limit(limit)
    return (await work.conn.execute(delete(proofs).where(proofs.c.token_hash.in_(old)))).rowcount
