"""What all tables share: metadata, names of constraints, the column types that refuse mistakes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, Dialect, MetaData, Text, Uuid, text
from sqlalchemy.types import TypeDecorator

from core.ids import uuid7

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A `timestamptz` that refuses naive date-times, so that no zone is ever guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What comes out; SQLAlchemy only knows it of its own types."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value before it reaches the database."""
        del dialect
        if value is not None and value.tzinfo is None:
            message = "a naive date-time has no place in the database"
            raise TypeError(message)
        return value


def id_column() -> Column[UUID]:
    """Return the `id` column: UUIDv7, made by us or, in set-based inserts, by PostgreSQL."""
    return Column("id", Uuid, nullable=False, default=uuid7, server_default=text("uuidv7()"))


def instant(name: str, *, nullable: bool = True) -> Column[datetime]:
    """Return a column of instants."""
    return Column(name, Instant, nullable=nullable)


def created_at() -> Column[datetime]:
    """Return when the row was written, by PostgreSQL's clock."""
    return Column("created_at", Instant, nullable=False, server_default=text("now()"))


def updated_at() -> Column[datetime]:
    """Return when a person last changed the row; firings do not count."""
    return Column("updated_at", Instant, nullable=False, server_default=text("now()"))


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return a CHECK that a text column holds one of some words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({words})", name=column)


def words(name: str, default: str | None = None, *, nullable: bool = False) -> Column[str]:
    """Return a text column, with a server default if one is given."""
    return Column(name, Text, nullable=nullable, server_default=default)
