"""Levels of attempts, by keys that say nothing; each attempt above what is free makes the next one wait."""

from sqlalchemy import Column, Double, Index, LargeBinary, PrimaryKeyConstraint, Table

from models.base import instant, metadata

limits = Table(
    "limits",
    metadata,
    # A keyed hash of what for and whose, so that the table is no list of people.
    Column("key_hash", LargeBinary, nullable=False),
    # As it was at `last_at`; it sinks with time.
    Column("level", Double, nullable=False),
    instant("last_at", nullable=False),
    # Nobody is let in before, with the right password or not.
    instant("blocked_until", nullable=False),
    PrimaryKeyConstraint("key_hash"),
    Index("ix_limits_last_at", "last_at"),
)
