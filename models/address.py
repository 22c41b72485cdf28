"""Addresses: where a person or a team can be reached. The value is sealed; only channels see it open."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from models.base import created_at, id_column, instant, metadata, updated_at, words

addresses = Table(
    "addresses",
    metadata,
    id_column(),
    Column("team_id", Uuid),
    Column("user_id", Uuid),
    # The name of a channel: email, slack, ...
    words("kind"),
    words("sealed_value"),
    # A keyed hash of the value, so that uniqueness can be checked without opening it.
    Column("value_hash", LargeBinary, nullable=False),
    # What the API shows: the value itself, or its masked form where it is a secret.
    words("shown_value"),
    words("label", nullable=True),
    instant("verified_at"),
    # Disabled by its owner, or by a provider's final answer, which `disabled_reason` then names.
    instant("disabled_at"),
    words("disabled_reason", nullable=True),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    # No send before this instant: Retry-After, and the breaker of a dead destination.
    instant("next_allowed_at"),
    instant("deleted_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("id"),
    CheckConstraint("num_nonnulls(team_id, user_id) = 1", name="one_owner"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    # Targets of the composite foreign keys of deliveries: an address can only be used by its owner.
    UniqueConstraint("team_id", "id"),
    UniqueConstraint("user_id", "id"),
    Index(
        "uq_addresses_team_value",
        "team_id",
        "kind",
        "value_hash",
        unique=True,
        postgresql_where=text("deleted_at is null"),
    ),
    Index(
        "uq_addresses_user_value",
        "user_id",
        "kind",
        "value_hash",
        unique=True,
        postgresql_where=text("deleted_at is null"),
    ),
    # All rows of one mailbox, whoever entered it.
    Index("ix_addresses_value", "kind", "value_hash", postgresql_where=text("deleted_at is null")),
    # Removed long ago, and not wiped yet.
    Index("ix_addresses_removed", "deleted_at", postgresql_where=text("deleted_at is not null and shown_value <> ''")),
)
