"""Idempotency keys: the first answer to a request is kept, and given again to its repetitions."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from core.errors import Conflict, Invalid
from core.work import Work
from models import idempotency_keys
from models.base import Instant

KEPT = timedelta(hours=24)


class KeyInUse(Conflict):
    """The first request with this Idempotency-Key is still running; ask again in a moment."""

    code = "idempotency_key_in_use"


class KeyReused(Invalid):
    """The Idempotency-Key has been used for another request; take a new one."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key; the hash covers method, path and body."""

    key: str
    request_hash: bytes

    def lock(self, user_id: UUID) -> int:
        """Return the number of the advisory lock that is held while the first request runs."""
        digest = hashlib.blake2b(user_id.bytes + self.key.encode(), digest_size=8).digest()
        return int.from_bytes(digest, signed=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given."""

    status_code: int
    headers: dict[str, str]
    body: bytes


_keys = idempotency_keys.c
# Built once: composing them costs more than running them.
_FIND = select(_keys.request_hash, _keys.status_code, _keys.headers, _keys.body).where(
    _keys.user_id == bindparam("user", type_=Uuid),
    _keys.key == bindparam("name", type_=Text),
    _keys.created_at > bindparam("since", type_=Instant),
)
_NEW = insert(idempotency_keys)
# A row that is there has outlived its day, or it would have been found.
_KEEP = _NEW.on_conflict_do_update(
    index_elements=["user_id", "key"],
    set_={
        **{name: _NEW.excluded[name] for name in ("request_hash", "status_code", "headers", "body")},
        "created_at": func.now(),
    },
)


async def stored(work: Work, user_id: UUID, attempt: Attempt) -> Answer | None:
    """Return the answer that this request got the first time, None when this is the first time.

    The advisory lock must be held, and taken by an earlier statement: this one must see what its former
    holder committed. Raises KeyReused when the key belongs to another request.
    """
    values = {"user": user_id, "name": attempt.key, "since": work.now - KEPT}
    row = (await work.conn.execute(_FIND, values)).one_or_none()
    if row is None:
        return None
    if row.request_hash != attempt.request_hash:
        raise KeyReused
    return Answer(row.status_code, row.headers, row.body)


async def store(work: Work, user_id: UUID, attempt: Attempt, answer: Answer) -> None:
    """Keep an answer for a day, in the transaction of its effect."""
    values = {
        "user_id": user_id,
        "key": attempt.key,
        "request_hash": attempt.request_hash,
        "status_code": answer.status_code,
        "headers": answer.headers,
        "body": answer.body,
    }
    await work.conn.execute(_KEEP, values)


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` keys that have outlived their day; return how many."""
    old = select(_keys.user_id, _keys.key).where(_keys.created_at <= work.now - KEPT).limit(limit)
    gone = await work.conn.execute(delete(idempotency_keys).where(tuple_(_keys.user_id, _keys.key).in_(old)))
    return gone.rowcount
