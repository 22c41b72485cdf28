"""Opt-outs: who no longer wants reminders at an address, whoever entered it, until its owner proves it anew.

They are kept by keyed hash and outlive addresses and accounts. Letters about accounts are no reminders and go on.
"""

from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from core import unsubscribe
from core.errors import Conflict
from core.settings import Settings
from core.work import Work
from crud.deliveries import withdraw_from
from models import addresses, opt_outs

log = structlog.get_logger()

REASON = "opted_out"


class OptedOut(Conflict):
    """Somebody who reads this address wants no reminders there; only proving it again brings them back."""

    code = "opted_out"


async def stop(work: Work, settings: Settings, token: str, *, source: str) -> None:
    """Stop reminders to the address that a link is about; raises InvalidLink."""
    kind, value_hash = unsubscribe.read(settings, token)
    await _hold(work, value_hash)
    kept = insert(opt_outs).values(kind=kind, value_hash=value_hash, source=source)
    await work.conn.execute(kept.on_conflict_do_nothing())
    table = addresses.c
    these = (table.kind == kind) & (table.value_hash == value_hash) & table.deleted_at.is_(None)
    locked = select(table.id).where(these).order_by(table.id).with_for_update()
    ids = (await work.conn.execute(locked)).scalars().all()
    disabled = {"disabled_at": func.coalesce(table.disabled_at, work.now), "disabled_reason": REASON}
    changed = update(addresses).where(table.id.in_(ids), table.disabled_reason.is_distinct_from(REASON))
    await work.conn.execute(changed.values(**disabled, version=table.version + 1, updated_at=work.now))
    await withdraw_from(work, ids, REASON)
    for address_id in ids:
        work.note("address.opted_out", object_type="address", object_id=address_id)
    log.info("address.opted_out", kind=kind, source=source, addresses=len(ids))


async def holds(work: Work, kind: str, value_hash: bytes) -> bool:
    """Tell whether an address has opted out; the answer stays true until the commit."""
    await _hold(work, value_hash)
    there = select(opt_outs.c.kind).where(opt_outs.c.kind == kind, opt_outs.c.value_hash == value_hash)
    return (await work.conn.execute(there)).first() is not None


async def proven(work: Work, address_id: UUID) -> None:
    """Let reminders come again to an address that its owner has just proven; only this row of it is enabled."""
    table = addresses.c
    which = select(table.kind, table.value_hash).where(table.id == address_id)
    row = (await work.conn.execute(which)).one()
    kept = delete(opt_outs).where(opt_outs.c.kind == row.kind, opt_outs.c.value_hash == row.value_hash)
    await work.conn.execute(kept)
    enabled = update(addresses).where(table.id == address_id, table.disabled_reason == REASON)
    values = {"disabled_at": None, "disabled_reason": None, "version": table.version + 1, "updated_at": work.now}
    await work.conn.execute(enabled.values(values))


async def _hold(work: Work, value_hash: bytes) -> None:
    # Whoever adds the address at this moment must see the opt-out, or be seen by it.
    await work.conn.execute(select(func.pg_advisory_xact_lock(int.from_bytes(value_hash[:8], signed=True))))
