"""Invitations into a team: addressed to a mailbox, or a secret link for whoever is given it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Uuid,
    text,
)

from models.base import created_at, id_column, instant, metadata, one_of, words
from models.membership import ROLES

invitations = Table(
    "invitations",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    # Null for a link. The secrets of both are among the proofs, hashed.
    words("email", nullable=True),
    words("role"),
    Column("invited_by", Uuid, nullable=False),
    words("status", "pending"),
    # How many may join by it, and how many have; a mailbox is one.
    Column("max_uses", Integer, nullable=False, server_default=text("1")),
    Column("uses", Integer, nullable=False, server_default=text("0")),
    instant("expires_at", nullable=False),
    instant("answered_at"),
    # Changes with people's edits; it is the ETag.
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    PrimaryKeyConstraint("team_id", "id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["invited_by"], ["users.id"]),
    one_of("role", *ROLES),
    one_of("status", "pending", "accepted", "declined", "revoked"),
    CheckConstraint("uses between 0 and max_uses and max_uses between 1 and 100", name="uses"),
    CheckConstraint("email is null or max_uses = 1", name="one_mailbox"),
    # One open invitation per mailbox and team; inviting again renews it.
    Index("uq_invitations_pending", "team_id", "email", unique=True, postgresql_where=text("status = 'pending'")),
    Index("ix_invitations_email", "email", postgresql_where=text("status = 'pending'")),
    # By a secret only the id is known.
    Index("ix_invitations_id", "id"),
    Index("ix_invitations_expires_at", "expires_at"),
)
