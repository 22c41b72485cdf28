"""API keys: what programs sign in with; only the hash of the secret is stored."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, Table, Uuid

from models.base import created_at, id_column, instant, metadata, one_of, words

api_keys = Table(
    "api_keys",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    words("name"),
    # What the key shows of itself, and by which its row is found.
    words("public_id"),
    # A peppered hash, so that a copy of the database opens nothing.
    Column("secret_hash", LargeBinary, nullable=False),
    words("scope"),
    Column("created_by", Uuid, nullable=False),
    instant("expires_at"),
    instant("last_used_at"),
    instant("revoked_at"),
    created_at(),
    PrimaryKeyConstraint("team_id", "id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["created_by"], ["users.id"], ondelete="CASCADE"),
    one_of("scope", "read", "write", "admin"),
    Index("uq_api_keys_public_id", "public_id", unique=True),
    Index("ix_api_keys_created_by", "created_by"),
)
