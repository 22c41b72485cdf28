"""People."""

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import created_at, id_column, instant, metadata, one_of, updated_at, words

users = Table(
    "users",
    metadata,
    id_column(),
    # Lower case, so that plain uniqueness is uniqueness as people understand it.
    words("email"),
    words("name"),
    words("password_hash"),
    # None: the zone of the team counts.
    words("timezone", nullable=True),
    # The language of what is written to them. None: nobody has said, and it is English.
    words("locale", nullable=True),
    # The channels of those reminders that name none.
    Column("preferred_channels", ARRAY(Text), nullable=False, server_default=text("'{email}'")),
    words("status", "active"),
    Column("is_operator", Boolean, nullable=False, server_default=text("false")),
    # Part of every access token; raising it makes all of them void at once.
    Column("token_version", Integer, nullable=False, server_default=text("1")),
    instant("email_verified_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("email"),
    one_of("locale", "en", "de"),
    # An erased account is an id that others may refer to, and nothing else.
    one_of("status", "active", "deactivated", "erased"),
    # The operators' list.
    Index("ix_users_created_at", "created_at", "id"),
)
