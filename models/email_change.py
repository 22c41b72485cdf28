"""Changes of an account's mail address that wait for both mailboxes to confirm."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint, Uuid

from models.base import created_at, id_column, instant, metadata, words

email_changes = Table(
    "email_changes",
    metadata,
    id_column(),
    Column("user_id", Uuid, nullable=False),
    words("new_email"),
    # The mailbox of today; set from the start where it was never proven to be theirs.
    instant("old_confirmed_at"),
    instant("new_confirmed_at"),
    instant("expires_at", nullable=False),
    created_at(),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    # One at a time.
    UniqueConstraint("user_id"),
    Index("ix_email_changes_expires_at", "expires_at"),
)
