"""The audit log: who did what to what; names of fields, never content. A trigger lets nothing be changed.

No foreign keys: it outlives teams and people. A person is an id, which names nobody once the account is erased.
"""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import created_at, id_column, metadata, one_of, words

audit_log = Table(
    "audit_log",
    metadata,
    id_column(),
    # Null for what concerns an account rather than a team.
    Column("team_id", Uuid),
    # Null for strangers and for the machine itself.
    Column("user_id", Uuid),
    Column("key_id", Uuid),
    words("action"),
    words("object_type", nullable=True),
    Column("object_id", Uuid),
    Column("fields", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    words("result", "done"),
    words("request_id", nullable=True),
    created_at(),
    PrimaryKeyConstraint("id"),
    one_of("result", "done", "refused"),
    Index("ix_audit_log_team_id", "team_id", "created_at", "id", postgresql_where=text("team_id is not null")),
    Index("ix_audit_log_user_id", "user_id", "created_at", "id", postgresql_where=text("user_id is not null")),
)
