"""Sessions: one sign-in on one device, and the family of its refresh tokens."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Uuid

from models.base import created_at, id_column, instant, metadata, words

sessions = Table(
    "sessions",
    metadata,
    id_column(),
    Column("user_id", Uuid, nullable=False),
    words("user_agent", nullable=True),
    # Where it was opened, as coarse as a neighbourhood: 203.0.113.0/24, 2001:db8:7::/48.
    words("client_network", nullable=True),
    created_at(),
    instant("last_used_at"),
    instant("revoked_at"),
    words("revoked_reason", nullable=True),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    Index("ix_sessions_user_id", "user_id"),
)
