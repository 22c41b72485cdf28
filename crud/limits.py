"""Limits on attempts, in PostgreSQL: an emptied Redis opens nothing.

A level per key rises by one with each attempt and sinks by `free` in `per`. Above `free` every attempt makes the next
one wait: 1, 2, 4 ... seconds, at most `longest`, and so never for good. What is refused is not counted.

    if refusal := await limits.hit(work, settings, "letters", email, free=3, per=timedelta(hours=1)):
        raise refusal

Rows stay locked until the transaction ends, those of several keys in one order. A key that many share belongs in a
short transaction of its own.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Row, delete, select

from core.errors import Unavailable
from core.sealing import keyed_hash
from core.settings import Settings
from core.work import Work
from models import limits

MINUTE = timedelta(minutes=1)
# By then every level has sunk to nothing; nobody may ask for a longer `per`.
FORGOTTEN = timedelta(days=7)

_COUNT = """
with asked as (
  select * from unnest($1::bytea[], $2::float8[], $3::float8[], $4::float8[], $5::float8[])
             as a (key_hash, free, per, longest, most)
)
insert into limits as l (key_hash, level, last_at, blocked_until)
select key_hash, 1, clock_timestamp(), clock_timestamp() from asked
 where not exists (select from limits join asked using (key_hash) where blocked_until > clock_timestamp())
 order by key_hash
    on conflict (key_hash) do update
   set (level, last_at, blocked_until) = (
       select n.level, c.now,
              c.now + make_interval(secs => case when n.level > a.free
                                                 then least(2 ^ (n.level - a.free - 1), a.longest) else 0 end)
         from asked a,
              lateral (select clock_timestamp() as now) c,
              lateral (select extract(epoch from c.now - l.last_at)::float8 * a.free / a.per as sunk) s,
              lateral (select least(greatest(l.level - s.sunk, 0) + 1, a.most) as level) n
        where a.key_hash = excluded.key_hash)
 where l.blocked_until <= clock_timestamp()
returning l.key_hash, old.level, old.last_at, old.blocked_until
"""
_WAITING = """
select key_hash, ceil(extract(epoch from blocked_until - clock_timestamp()))::int as seconds
  from limits where key_hash = any($1) order by blocked_until desc limit 1
"""
# Of two at the same moment one may find half of its keys blocked by the other; what it has counted is taken back.
_RESTORE = """
update limits l set level = o.level, last_at = o.last_at, blocked_until = o.blocked_until
  from unnest($1::bytea[], $2::float8[], $3::timestamptz[], $4::timestamptz[])
    as o (key_hash, level, last_at, blocked_until)
 where l.key_hash = o.key_hash
"""
_FORGIVE = """
with mine as (select key_hash from limits where key_hash = any($1) order by key_hash for update)
update limits l
   set level = case when l.key_hash = any($2) then 0 else greatest(l.level - 1, 0) end,
       blocked_until = least(l.blocked_until, clock_timestamp())
  from mine where l.key_hash = mine.key_hash
"""


class TooManyAttempts(Unavailable):
    """Too many attempts; wait a little before the next one."""

    code = "too_many_attempts"

    def __init__(self, seconds: int, free: int) -> None:
        super().__init__()
        wait = str(max(1, seconds))
        shown = {"RateLimit-Limit": str(free), "RateLimit-Remaining": "0", "RateLimit-Reset": wait}
        self.headers = {"Retry-After": wait, **shown}


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted: attempts for one purpose by one key, which is kept as a keyed hash."""

    purpose: str
    key: str
    free: int
    """So many at once cost nothing, and so many in `per` go on for ever."""
    per: timedelta
    longest: timedelta = MINUTE
    """The longest wait."""
    gentle: int = 1
    """Outside of production so many times as much is free, for those who make accounts by the hundred."""

    def meant(self, settings: Settings) -> "Bucket":
        """Return it as it counts on this installation."""
        return self if settings.production else replace(self, free=self.free * self.gentle)

    def hash(self, settings: Settings) -> bytes:
        """Return by what it is found; the table is no list of people."""
        return keyed_hash(settings, "limit", f"{self.purpose}\n{self.key}")

    @property
    def most(self) -> float:
        """How high the level may rise: where the wait is the longest, so that it sinks again in time."""
        return self.free + 1 + max(0, math.log2(self.longest.total_seconds()))


async def hit(
    work: Work,
    settings: Settings,
    purpose: str,
    key: str,
    *,
    free: int,
    per: timedelta,
    longest: timedelta = MINUTE,
    gentle: int = 1,
) -> TooManyAttempts | None:
    """Count an attempt, before it is made; or return the refusal, which leaves no trace."""
    return await hit_all(work, settings, Bucket(purpose, key, free, per, longest, gentle))


async def hit_all(work: Work, settings: Settings, *buckets: Bucket) -> TooManyAttempts | None:
    """Count an attempt under several keys, before it is made; under none of them if one has to wait."""
    if not settings.rate_limit_enabled:
        return None
    asked = {bucket.hash(settings): bucket.meant(settings) for bucket in buckets}
    columns = zip(
        *((key, b.free, b.per.total_seconds(), b.longest.total_seconds(), b.most) for key, b in asked.items()),
        strict=True,
    )
    counted = (await work.conn.exec_driver_sql(_COUNT, tuple(map(list, columns)))).all()
    if len(counted) == len(asked):
        return None
    if counted:
        await _restore(work, counted)
    waiting = (await work.conn.exec_driver_sql(_WAITING, (list(asked),))).one()
    return TooManyAttempts(waiting.seconds, asked[waiting.key_hash].free)


async def _restore(work: Work, counted: Sequence[Row[tuple[bytes, float | None, object, object]]]) -> None:
    new = [row.key_hash for row in counted if row.level is None]
    await work.conn.execute(delete(limits).where(limits.c.key_hash.in_(new)))
    was = [list(column) for column in zip(*(row for row in counted if row.level is not None), strict=True)]
    if was:
        await work.conn.exec_driver_sql(_RESTORE, tuple(was))


async def forgive(work: Work, settings: Settings, *buckets: Bucket, wholly: Collection[Bucket] = ()) -> None:
    """Take back an attempt that was right, and under `wholly` all that went before it."""
    if not settings.rate_limit_enabled:
        return
    cleared = [bucket.hash(settings) for bucket in wholly]
    every = [*cleared, *(bucket.hash(settings) for bucket in buckets)]
    await work.conn.exec_driver_sql(_FORGIVE, (every, cleared))


async def forget_old(work: Work, limit: int) -> int:
    """Forget up to `limit` levels that have sunk to nothing; return how many."""
    table = limits.c
    old = select(table.key_hash).where(table.last_at < work.now - FORGOTTEN).limit(limit)
    return (await work.conn.execute(delete(limits).where(table.key_hash.in_(old)))).rowcount
