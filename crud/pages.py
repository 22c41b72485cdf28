"""Keyset paging: a page begins after the last row of the one before, so that inserts shift nothing."""

import binascii
import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, tuple_

from core.errors import Invalid

BIGGEST = 2**63 - 1


class InvalidCursor(Invalid):
    """The cursor is not one of ours, or belongs to another order; begin again without it."""

    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__(field="cursor")


class PageRequest(NamedTuple):
    """What a reader asks for: at most `limit` rows, after the one that `cursor` names."""

    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class Sort:
    """An order of rows: by one column, then by id, both in the same direction.

    PostgreSQL's own order of nulls holds (last ascending, first descending), because indexes have it.
    """

    column: ColumnElement[Any]
    id: ColumnElement[UUID]
    descending: bool = False
    nullable: bool = False

    @property
    def name(self) -> str:
        """What the cursor remembers, so that the cursor of one list or order is refused by another."""
        return f"{'-' if self.descending else ''}{self.id.table}.{self.column.key}"

    def after(self, value: object, row_id: UUID) -> ColumnElement[bool]:
        """Return the condition for rows that come after one row."""
        if value is None:
            rest = self.id < row_id if self.descending else self.id > row_id
            within = and_(self.column.is_(None), rest)
            return or_(within, self.column.is_not(None)) if self.descending else within
        here, there = tuple_(self.column, self.id), tuple_(value, row_id)
        if self.descending:
            return here < there
        return or_(here > there, self.column.is_(None)) if self.nullable else here > there


def paginate(statement: Select[Any], sort: Sort, page: PageRequest) -> Select[Any]:
    """Order a statement and bound it to a page and one row more, by which `cut` sees whether there is more."""
    if page.cursor is not None:
        statement = statement.where(sort.after(*_read(page.cursor, sort)))
    columns = (sort.column, sort.id)
    return statement.order_by(*(c.desc() if sort.descending else c for c in columns)).limit(page.limit + 1)


def cut(rows: Sequence[Row[Any]], sort: Sort, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the rows of the page, and the cursor of the next one or None.

    The rows must bear the columns of `sort` under their own names.
    """
    if len(rows) <= page.limit:
        return rows, None
    rows = rows[: page.limit]
    last = rows[-1]
    return rows, _write(sort, getattr(last, str(sort.column.key)), getattr(last, str(sort.id.key)))


def _write(sort: Sort, value: object, row_id: UUID) -> str:
    shown = value.isoformat() if isinstance(value, datetime) else value
    raw = json.dumps([sort.name, shown, str(row_id)], separators=(",", ":")).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _read(cursor: str, sort: Sort) -> tuple[object, UUID]:
    # Whatever a client made of its cursor ends here, so that the database only sees values of the right type.
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, value, row_id = json.loads(raw)
        if name != sort.name:
            raise InvalidCursor
        return _typed(value, sort), UUID(row_id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error) as error:
        raise InvalidCursor from error


def _typed(value: Any, sort: Sort) -> object:  # noqa: ANN401  whatever JSON can hold
    if value is None and sort.nullable:
        return None
    kind = sort.column.type.python_type
    if kind is datetime:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None or not 1 < at.year < 9999:  # noqa: PLR2004  the edges overflow on conversion
            raise InvalidCursor
        return at
    if type(value) is not kind or value in ("", math.nan) or (kind is int and abs(value) > BIGGEST):
        raise InvalidCursor
    if kind is str and ("\0" in value or not value.isprintable()):
        raise InvalidCursor
    return value
