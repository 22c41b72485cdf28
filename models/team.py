"""Teams; everybody has a personal one, so that a reminder always belongs to a team."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from models.base import created_at, id_column, instant, metadata, one_of, updated_at, words

ON_LEAVE = ("creator", "owners")

teams = Table(
    "teams",
    metadata,
    id_column(),
    words("name"),
    words("timezone", "UTC"),
    # The person whose personal team this is.
    Column("personal_of", Uuid),
    # To whom falls what somebody had who leaves: the creator of each reminder, if still there, or the owners.
    words("on_leave", "creator"),
    instant("deleted_at"),
    # Until then a deleted team can be restored; afterwards it is removed.
    instant("purge_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("personal_of"),
    ForeignKeyConstraint(["personal_of"], ["users.id"]),
    one_of("on_leave", *ON_LEAVE),
    Index("ix_teams_purge_at", "purge_at", postgresql_where=text("deleted_at is not null")),
)
