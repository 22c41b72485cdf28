"""Teams; everybody has a personal one, so that a reminder always belongs to a team."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table, UniqueConstraint, Uuid, text

from models.base import created_at, id_column, instant, metadata, updated_at, words

teams = Table(
    "teams",
    metadata,
    id_column(),
    words("name"),
    words("timezone", "UTC"),
    # The person whose personal team this is.
    Column("personal_of", Uuid),
    instant("deleted_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("personal_of"),
    ForeignKeyConstraint(["personal_of"], ["users.id"]),
)
