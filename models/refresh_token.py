"""Refresh tokens: opaque, stored hashed, used once."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, Table, Uuid

from models.base import created_at, instant, metadata

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    # SHA-256 of 256 random bits needs no salt.
    Column("token_hash", LargeBinary, nullable=False),
    Column("session_id", Uuid, nullable=False),
    created_at(),
    instant("expires_at", nullable=False),
    # Set by the one UPDATE that rotates it: a second use later than a few seconds is theft.
    instant("used_at"),
    PrimaryKeyConstraint("token_hash"),
    ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="CASCADE"),
    Index("ix_refresh_tokens_session_id", "session_id"),
)
