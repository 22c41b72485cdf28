"""Idempotency keys: the first answer to a request is kept, and given again to its repetitions."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, tuple_

from core.api_keys import PREFIX, KeyClaims
from core.errors import Conflict, Invalid
from core.tokens import Claims
from core.work import Work
from models import idempotency_keys

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
    owner: str = ""
    """Who asks: a person's id, or the public id of an API key."""

    @property
    def lock(self) -> int:
        """The number of the advisory lock that is held while the first request runs."""
        digest = hashlib.blake2b(f"{self.owner} {self.key}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, signed=True)

    def by(self, claims: Claims | KeyClaims) -> "Attempt":
        """Return this attempt as that of whoever asks; a program's keys are no keys of its maker."""
        if isinstance(claims, KeyClaims):
            return Attempt(f"{PREFIX}{claims.public_id} {self.key}", self.request_hash, claims.public_id)
        return Attempt(self.key, self.request_hash, str(claims.user_id))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given."""

    status_code: int
    headers: dict[str, str]
    body: bytes


# A row that is there has outlived its day, or belongs to a request that was faster; that one's answer stays.
_KEEP = """
insert into idempotency_keys (user_id, key, request_hash, status_code, headers, body)
values ($1, $2, $3, $4, $5, $6)
    on conflict (user_id, key) do update
   set request_hash = excluded.request_hash, status_code = excluded.status_code, headers = excluded.headers,
       body = excluded.body, created_at = now()
 where idempotency_keys.created_at <= now() - $7::interval
returning 1
"""


def kept(found: Row[Any], attempt: Attempt) -> Answer | None:
    """Return the answer that a request got the first time, None when this is the first time.

    `found` tells whether the advisory lock could be taken, and the columns of the key, null where it is new.
    """
    if not found.locked:
        raise KeyInUse
    if found.request_hash is None:
        return None
    if found.request_hash != attempt.request_hash:
        raise KeyReused
    return Answer(found.status_code, found.headers, found.body)


async def store(work: Work, user_id: UUID, attempt: Attempt, answer: Answer) -> None:
    """Keep an answer for a day, in the transaction of its effect.

    Raises KeyInUse when another request under this key was answered since this one looked: the statement that
    took the lock did not see yet what its former holder committed.
    """
    headers = json.dumps(answer.headers)
    values = (user_id, attempt.key, attempt.request_hash, answer.status_code, headers, answer.body, KEPT)
    if await work.one(_KEEP, *values) is None:
        raise KeyInUse


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` keys that have outlived their day; return how many."""
    old = (
        select(idempotency_keys.c.user_id, idempotency_keys.c.key)
        .where(idempotency_keys.c.created_at <= work.now - KEPT)
        .limit(limit)
    )
    gone = await work.conn.execute(
        delete(idempotency_keys).where(tuple_(idempotency_keys.c.user_id, idempotency_keys.c.key).in_(old))
    )
    return gone.rowcount
