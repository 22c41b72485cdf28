"""Keyed hashes of addresses made anew, where HASH_KEY was changed after all.

An address can be opened and hashed again, and with it goes the opt-out that bears the same hash. An opt-out whose
address is gone, the secret of an API key and the links in mails that were sent cannot.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.sealing import BrokenSeal, unseal
from core.settings import Settings
from core.work import Work, begin
from crud.addresses import value_hash
from crud.reseal import BATCH, NIL
from models import addresses, opt_outs

SAMPLE: Final = 100
_WHERE: Final = "addresses.sealed_value"
_READ: Final[Select[Any]] = select(
    addresses.c.id, addresses.c.kind, addresses.c.sealed_value, addresses.c.value_hash
).where(addresses.c.sealed_value != "")


async def foreign(work: Work, settings: Settings) -> bool:
    """Tell by some addresses whether they were hashed with another key than the one that would be used now.

    One in ten is too many; fewer are addresses that were entered twice, see `_write`.
    """
    rows = (await work.conn.execute(_READ.order_by(addresses.c.id).limit(SAMPLE))).all()
    return 10 * sum(_differs(settings, row) for row in rows) > len(rows)


async def rehash(engine: AsyncEngine, settings: Settings) -> AsyncIterator[int]:
    """Hash every address anew whose hash is not what it would be now; yield how many, after each transaction."""
    after, changed = NIL, 0
    while True:
        async with begin(engine) as work:
            statement = _READ.where(addresses.c.id > after).order_by(addresses.c.id).limit(BATCH)
            rows = (await work.conn.execute(statement.with_for_update(skip_locked=True))).all()
            changed += await _write(work, settings, rows)
        yield changed
        if len(rows) < BATCH:
            return
        after = rows[-1].id


async def _write(work: Work, settings: Settings, rows: Sequence[Row[Any]]) -> int:
    changed = 0
    for row in rows:
        if not _differs(settings, row):
            continue
        new = _new_hash(settings, row)
        same = (addresses.c.id == row.id, addresses.c.value_hash == row.value_hash)
        try:
            async with work.conn.begin_nested():
                await work.conn.execute(update(addresses).where(*same).values(value_hash=new))
        except IntegrityError:
            # Its owner has entered it once more under the new key. Both work, and this one is found no more.
            continue
        await _carry(work, row, new)
        changed += 1
    return changed


async def _carry(work: Work, row: Row[Any], new: bytes | None) -> None:
    table = opt_outs.c
    old = (table.kind == row.kind, table.value_hash == row.value_hash)
    other = opt_outs.alias()
    known = select(other.c.kind).where(other.c.kind == row.kind, other.c.value_hash == new).exists()
    await work.conn.execute(update(opt_outs).where(*old, ~known).values(value_hash=new))
    await work.conn.execute(delete(opt_outs).where(*old))


def _differs(settings: Settings, row: Row[Any]) -> bool:
    return _new_hash(settings, row) not in {None, row.value_hash}


def _new_hash(settings: Settings, row: Row[Any]) -> bytes | None:
    try:
        value = unseal(settings, row.sealed_value, where=_WHERE, row_id=row.id)
    except BrokenSeal:
        return None
    return value_hash(settings, row.kind, value)
