"""Invitations into a team, addressed to a mailbox."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Uuid, text

from models.base import created_at, id_column, instant, metadata, one_of, words
from models.membership import ROLES

invitations = Table(
    "invitations",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    words("email"),
    words("role"),
    Column("invited_by", Uuid, nullable=False),
    words("status", "pending"),
    instant("expires_at", nullable=False),
    instant("answered_at"),
    created_at(),
    PrimaryKeyConstraint("team_id", "id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["invited_by"], ["users.id"]),
    one_of("role", *ROLES),
    one_of("status", "pending", "accepted", "revoked"),
    # One open invitation per mailbox and team; inviting again renews it.
    Index("uq_invitations_pending", "team_id", "email", unique=True, postgresql_where=text("status = 'pending'")),
    Index("ix_invitations_email", "email", postgresql_where=text("status = 'pending'")),
)
