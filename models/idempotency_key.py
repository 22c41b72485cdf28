"""Idempotency keys: the first answer to a request, written in the transaction of its effect."""

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from models.base import created_at, metadata, words

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    # All zeros for a stranger, which is why it refers to nobody: whoever erases an account deletes its keys.
    Column("user_id", Uuid, nullable=False),
    words("key"),
    # Keyed, over method, path and body: the same key with another request is a mistake.
    Column("request_hash", LargeBinary, nullable=False),
    Column("status_code", Integer, nullable=False),
    Column("headers", JSONB, nullable=False),
    # Sealed: it may hold a secret that is shown once.
    Column("body", LargeBinary, nullable=False),
    created_at(),
    PrimaryKeyConstraint("user_id", "key"),
    Index("ix_idempotency_keys_created_at", "created_at"),
)
