"""Failed logins per account, whether it exists or not; each one makes the next wait longer."""

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from models.base import instant, metadata

login_failures = Table(
    "login_failures",
    metadata,
    # A keyed hash of what was typed as the mail address, so that the table is no list of people.
    Column("account_hash", LargeBinary, nullable=False),
    Column("failures", Integer, nullable=False),
    instant("last_at", nullable=False),
    # Nobody is let in before, with the right password or not.
    instant("blocked_until", nullable=False),
    PrimaryKeyConstraint("account_hash"),
    Index("ix_login_failures_last_at", "last_at"),
)
