"""Sealing anew what former keys sealed, so that they can be done without.

It runs beside API and workers: both open what any key that they know has sealed, and a row is written only if it is
still as it was read. Whatever ends it, the next run goes on from there, because a row says which key sealed it.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from core.sealing import BrokenSeal, key_names, seal, unseal
from core.settings import Settings
from core.work import Work, begin
from models import addresses, idempotency_keys, letters, totp

BATCH: Final = 500
NIL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values, and the column of the row's id that each is bound to."""

    column: Column[Any]
    row_id: Column[Any]

    @property
    def where(self) -> str:
        """The name that the values are bound to, `table.column`."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def table(self) -> Table:
        """The table."""
        return self.column.table

    @property
    def key(self) -> ColumnElement[str]:
        """The name of the key that sealed a value."""
        text = func.convert_from(self.column, "UTF8") if isinstance(self.column.type, LargeBinary) else self.column
        return func.split_part(text, ".", 2)


SEALED: Final = (
    Sealed(addresses.c.sealed_value, addresses.c.id),
    Sealed(letters.c.sealed_to, letters.c.id),
    Sealed(totp.c.sealed_secret, totp.c.user_id),
)
"""What is sealed for good. A new column is one more line; a test compares them with the models."""

FADING: Final = {Sealed(idempotency_keys.c.body, idempotency_keys.c.user_id): timedelta(hours=24)}
"""What is sealed and forgotten by itself after a while, which is simply waited for."""


@dataclass(slots=True)
class Course:
    """How far the work on one column is."""

    resealed: int = 0
    unreadable: int = 0
    """Sealed by a key that is not known here, or damaged."""
    examples: list[str] = field(default_factory=list)
    """Ids of some rows that cannot be read."""


async def keys_used(work: Work, sealed: Sealed) -> dict[str, int]:
    """Return how many values of a column each key has sealed, by the names of the keys."""
    key = sealed.key.label("key")
    found = select(key, func.count()).where(_is_sealed(sealed)).group_by(key)
    return {row[0]: row[1] for row in await work.conn.execute(found)}


def _is_sealed(sealed: Sealed) -> ColumnElement[bool]:
    # A wiped value is null or empty.
    return func.coalesce(func.length(sealed.column), 0) > 0


async def rotate(
    engine: AsyncEngine, settings: Settings, sealed: Sealed, course: Course, *, batch: int = BATCH
) -> AsyncIterator[Course]:
    """Seal a column anew with the current key, in short transactions; yield the course after each.

    Rows that somebody else has locked are left for another run.
    """
    after = NIL
    while True:
        async with begin(engine) as work:
            rows = await _former(work, settings, sealed, after, batch)
            await _write(work, settings, sealed, rows, course)
        yield course
        if len(rows) < batch:
            return
        after = rows[-1].row_id


async def _former(work: Work, settings: Settings, sealed: Sealed, after: UUID, batch: int) -> Sequence[Any]:
    old = (_is_sealed(sealed), sealed.key != key_names(settings)[0], sealed.row_id > after)
    columns = (sealed.row_id.label("row_id"), sealed.column.label("value"))
    statement = select(*columns).where(*old).order_by(sealed.row_id).limit(batch)
    return (await work.conn.execute(statement.with_for_update(skip_locked=True))).all()


async def _write(work: Work, settings: Settings, sealed: Sealed, rows: Sequence[Any], course: Course) -> None:
    changed = []
    for row in rows:
        try:
            text = unseal(settings, row.value, where=sealed.where, row_id=row.row_id)
        except BrokenSeal:
            course.unreadable += 1
            course.examples = [*course.examples, str(row.row_id)][:10]
            continue
        new = seal(settings, text, where=sealed.where, row_id=row.row_id)
        changed.append({"b_id": row.row_id, "b_old": row.value, "b_new": new})
    if changed:
        same = (sealed.row_id == bindparam("b_id"), sealed.column == bindparam("b_old"))
        anew = update(sealed.table).where(*same).values({sealed.column: bindparam("b_new")})
        await work.conn.execute(anew, changed)
        course.resealed += len(changed)
