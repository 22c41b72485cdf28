"""Idempotency keys: the first answer to a request is kept, and given again to its repetitions.

Answers may hold secrets, such as a new API key, so each is sealed for its own row; and whoever gets one again must
still be allowed to see it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, select, tuple_

from core.api_keys import PREFIX, KeyClaims
from core.errors import Conflict, Invalid, NotFound
from core.sealing import BrokenSeal, keyed_hash, seal, unseal
from core.settings import Settings
from core.tokens import Claims
from core.work import Work
from models import idempotency_keys

KEPT = timedelta(hours=24)
NOBODY: Final = UUID(int=0)
"""Stands for strangers, whose keys have no owner."""
SEALED: Final = "idempotency_keys.body"


class KeyInUse(Conflict):
    """The first request with this Idempotency-Key is still running; ask again in a moment."""

    code = "idempotency_key_in_use"


class KeyReused(Invalid):
    """The Idempotency-Key has been used for another request; take a new one."""

    code = "idempotency_key_reused"


class AnswerLost(Conflict):
    """The request has been done, but its answer cannot be read any more; look what came of it."""

    code = "idempotency_answer_lost"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key; the hash covers method, path and body."""

    key: str
    request_hash: bytes
    owner: str = ""
    """Who asks: a person's id, or the public id of an API key."""

    @classmethod
    def of(cls, settings: Settings, key: str, request: bytes) -> "Attempt":
        """Return the attempt at a request, given as all that makes it what it is.

        Its hash is keyed, because the body may hold a password.
        """
        return cls(key, keyed_hash(settings, "request", hashlib.sha256(request).hexdigest()))

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

    def by_nobody(self) -> "Attempt":
        """Return this attempt as that of a stranger: only who repeats the whole request is the same stranger."""
        digest = hashlib.sha256(self.key.encode() + self.request_hash)
        return replace(self, key=f"nobody {digest.hexdigest()}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given; one that comes from the database has its body sealed."""

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


_LOOK = """
select now(), pg_try_advisory_xact_lock($1) as locked, i.request_hash, i.status_code, i.headers, i.body
  from (values (1)) as always
  left join idempotency_keys i on i.user_id = $2 and i.key = $3 and i.created_at > now() - $4::interval
"""


async def begin(work: Work, attempt: Attempt) -> Answer | None:
    """Set the instant of a stranger's work, lock the key, and return the answer that was kept under it, if any.

    Raises KeyInUse.
    """
    found = (await work.conn.exec_driver_sql(_LOOK, (attempt.lock, NOBODY, attempt.key, KEPT))).one()
    work.now = found.now
    return kept(found, attempt)


_LEFT = """
select exists (
    select from teams t
     where t.id = any($1::uuid[])
       and (t.deleted_at is not null
            or not exists (select from memberships m where m.team_id = t.id and m.user_id = $2)))
"""


async def again(
    work: Work, settings: Settings, user_id: UUID, attempt: Attempt, answer: Answer, asked: Iterable[str] = ()
) -> Answer:
    """Return a kept answer as it was given; `asked` are the ids that the request was about.

    Raises NotFound when it is about a team that the person has left meanwhile, AnswerLost when it cannot be read.
    """
    try:
        text = unseal(settings, answer.body.decode(), where=SEALED, row_id=_row_id(user_id, attempt))
    except BrokenSeal as error:
        raise AnswerLost from error
    if text and user_id != NOBODY:
        named = list(_ids((*asked, *_teams(json.loads(text)))))
        if (await work.conn.exec_driver_sql(_LEFT, (named, user_id))).scalar_one():
            message = "you do not belong to this team any more"
            raise NotFound(message)
    return replace(answer, body=text.encode())


def _ids(texts: Iterable[object]) -> Iterator[UUID]:
    # A path may spell an id in any of the ways that Python reads, so it is not looked for by its shape.
    for each in texts:
        with suppress(ValueError):
            yield UUID(str(each))


def _teams(answer: object) -> Iterator[object]:
    """Yield the ids in an answer that can be a team's: that of the thing itself, and every `team_id`."""
    if isinstance(answer, dict):
        yield from (answer.get(name) for name in ("id", "team_id"))
        for each in answer.get("items", ()):
            yield from _teams(each)


def _row_id(user_id: UUID, attempt: Attempt) -> UUID:
    digest = hashlib.blake2b(f"{user_id} {attempt.key}".encode(), digest_size=16)
    return UUID(bytes=digest.digest())


async def store(work: Work, settings: Settings, user_id: UUID, attempt: Attempt, answer: Answer) -> None:
    """Keep an answer for a day, in the transaction of its effect; NOBODY keeps that of a stranger.

    Raises KeyInUse when another request under this key was answered since this one looked: the statement that
    took the lock did not see yet what its former holder committed.
    """
    headers = json.dumps(answer.headers)
    body = seal(settings, answer.body.decode(), where=SEALED, row_id=_row_id(user_id, attempt)).encode()
    values = (user_id, attempt.key, attempt.request_hash, answer.status_code, headers, body, KEPT)
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
