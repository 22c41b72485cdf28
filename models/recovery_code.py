"""Recovery codes: for whoever has lost the second factor; stored hashed, each works once."""

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint, Table, Uuid

from models.base import created_at, instant, metadata

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", Uuid, nullable=False),
    # SHA-256 of 80 random bits needs no salt.
    Column("code_hash", LargeBinary, nullable=False),
    instant("used_at"),
    created_at(),
    PrimaryKeyConstraint("user_id", "code_hash"),
    # They go with the secret that they stand in for.
    ForeignKeyConstraint(["user_id"], ["totp.user_id"], ondelete="CASCADE"),
)
