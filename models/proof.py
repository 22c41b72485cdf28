"""Proofs: single-use secrets of mailed links, stored hashed; one stands at a time for each purpose and thing."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, Table, Uuid

from models.base import created_at, instant, metadata, words

proofs = Table(
    "proofs",
    metadata,
    # SHA-256 of 256 random bits needs no salt.
    Column("token_hash", LargeBinary, nullable=False),
    words("purpose"),
    Column("user_id", Uuid),
    Column("about", Uuid),
    instant("expires_at", nullable=False),
    created_at(),
    PrimaryKeyConstraint("token_hash"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    # A new one takes the place of the former.
    Index("uq_proofs_subject", "purpose", "user_id", "about", unique=True, postgresql_nulls_not_distinct=True),
    Index("ix_proofs_user_id", "user_id"),
    Index("ix_proofs_expires_at", "expires_at"),
)
