"""Letters: mails about accounts. Written as rows with what they are about, composed and sent by a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import uuid7
from core.sealing import seal, unseal
from core.settings import Settings
from core.work import Work
from crud import limits, places
from crud.limits import Bucket, TooManyAttempts
from models import letters, users

CHANNEL: Final = "letters"
"""The name under which workers are hinted."""

SEALED: Final = "letters.sealed_to"
LEASE: Final = timedelta(seconds=25)
KEPT: Final = timedelta(days=7)
# Whoever asked for it a day ago has asked again, or given up.
GIVEN_UP: Final = timedelta(hours=24)
# So many at once, and then so many in an hour, to one mailbox and from one address.
TO_ONE: Final = (5, timedelta(hours=1))
FROM_ONE: Final = (30, timedelta(hours=1))
LONGEST_WAIT: Final = timedelta(minutes=15)
# Outside of production mails go to a catcher.
GENTLE: Final = 20
# As often may processes die with a letter in hand.
MOST_DEATHS: Final = 3

# A lease that ran out is due like what waits: one question to one index.
_CLAIM = """
with due as (
    select id, status = 'sending' as died from letters
     where ended_at is null and deliver_at <= now() order by deliver_at limit $1 for update skip locked
),
judged as (
    select d.id, d.died, case when l.created_at <= now() - $4::interval then 'gave_up'
                              when d.died and l.deaths + 1 >= $5 then 'processes_died' end as reason
      from due d join letters l on l.id = d.id
),
claimed as (
    update letters l
       set status = case when j.reason is null then 'sending' else 'dead' end, reason = j.reason,
           sealed_to = case when j.reason is null then l.sealed_to end,
           ended_at = case when j.reason is not null then now() end,
           deliver_at = now() + $3::interval, lease_token = case when j.reason is null then $2::uuid end,
           deaths = l.deaths + j.died::int, attempt_count = l.attempt_count + (j.reason is null)::int
      from judged j where l.id = j.id
    returning l.*, now() as claimed_at
)
select * from claimed where status = 'sending' order by created_at
"""
_END = """
update letters
   set status = $3, reason = $4, last_error = $5, sealed_to = null, lease_token = null, ended_at = now()
 where id = $1 and lease_token = $2
"""
_RETRY = """
update letters
   set status = case when late then 'dead' else 'pending' end, reason = case when late then 'gave_up' end,
       sealed_to = case when not late then sealed_to end, ended_at = case when late then now() end,
       last_error = $3, lease_token = null, deliver_at = now() + $4::interval
  from (select now() + $4::interval > created_at + $5::interval as late from letters where id = $1) as t
 where id = $1 and lease_token = $2
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in hand, as the plugs of `tasks/letter_kinds` see it."""

    id: UUID
    kind: str
    to: str
    """The mailbox; empty where the kind looks it up."""
    user_id: UUID | None
    about: UUID | None
    created_at: datetime
    claimed_at: datetime
    """When this attempt began: the mail's `Date`."""
    attempt: int
    """1 for the first."""
    lease_token: UUID


async def write(
    work: Work,
    settings: Settings,
    kind: str,
    to: str | None,
    *,
    user_id: UUID | None = None,
    about: UUID | None = None,
) -> UUID:
    """Add a letter of a kind, to be composed and sent after the commit; return its id.

    `to` is a mailbox, or None where the kind finds it by what the letter is about.
    """
    letter_id = uuid7()
    sealed = seal(settings, to, where=SEALED, row_id=letter_id) if to else None
    row = {"id": letter_id, "kind": kind, "sealed_to": sealed, "user_id": user_id, "about": about}
    await work.conn.execute(insert(letters).values(**row, deliver_at=work.now))
    work.hint([CHANNEL])
    return letter_id


async def limited(work: Work, settings: Settings, to: str, client: str | None = None) -> TooManyAttempts | None:
    """Count a letter that somebody asks for, by its mailbox and by the asking address; or return the refusal.

    It knows nothing of accounts, so that it answers alike whether there is one.
    """
    buckets = [Bucket("letters-to", to, *TO_ONE, longest=LONGEST_WAIT, gentle=GENTLE)]
    if client is not None:
        buckets.append(Bucket("letters-from", places.address(client), *FROM_ONE, longest=LONGEST_WAIT, gentle=GENTLE))
    return await limits.hit_all(work, settings, *buckets)


async def reader(work: Work, row: Claimed) -> Row[Any] | None:
    """Return the active account that a letter concerns, found by id, else by its mailbox; None where there is none."""
    known = users.c.id == row.user_id if row.user_id else users.c.email == row.to
    return (await work.conn.execute(select(users).where(known, users.c.status == "active"))).one_or_none()


async def claim(conn: AsyncConnection, limit: int, token: UUID) -> Sequence[Row[Any]]:
    """Lease up to `limit` letters that are due or whose lease ran out; one statement, in autocommit mode.

    What is older than a day, or has ended three processes, is given up in passing.
    """
    return (await conn.exec_driver_sql(_CLAIM, (limit, token, LEASE, GIVEN_UP, MOST_DEATHS))).all()


def opened(settings: Settings, row: Row[Any]) -> Claimed:
    """Return a leased letter with its mailbox; raises BrokenSeal."""
    to = unseal(settings, row.sealed_to, where=SEALED, row_id=row.id) if row.sealed_to else ""
    return Claimed(
        row.id,
        row.kind,
        to,
        row.user_id,
        row.about,
        row.created_at,
        row.claimed_at,
        row.attempt_count,
        row.lease_token,
    )


async def end(
    conn: AsyncConnection, row: Row[Any], status: str, reason: str | None = None, error: str | None = None
) -> bool:
    """Write down how a letter ended (`sent`, `suppressed`, `dead`) and forget its mailbox.

    Return False when its lease is no longer ours.
    """
    done = await conn.exec_driver_sql(_END, (row.id, row.lease_token, status, reason, error))
    return done.rowcount > 0


async def retry(conn: AsyncConnection, row: Row[Any], error: str, wait: timedelta) -> bool:
    """Let a letter wait for another try, or give it up after a day; False when its lease is no longer ours."""
    done = await conn.exec_driver_sql(_RETRY, (row.id, row.lease_token, error, wait, GIVEN_UP))
    return done.rowcount > 0


async def forget_old(work: Work, limit: int) -> int:
    """Delete up to `limit` letters that ended a week ago; return how many."""
    old = select(letters.c.id).where(letters.c.ended_at < work.now - KEPT).limit(limit)
    return (await work.conn.execute(delete(letters).where(letters.c.id.in_(old)))).rowcount
