"""Who belonged to a team that was deleted, kept until it is restored or its grace is over."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Uuid

from models.base import instant, metadata, one_of, words
from models.membership import ROLES

# A table of its own: lookups are bounded by `memberships`, so that nothing has to remember that a team is deleted.
former_memberships = Table(
    "former_memberships",
    metadata,
    Column("team_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    words("role"),
    # When they joined.
    instant("created_at", nullable=False),
    PrimaryKeyConstraint("team_id", "user_id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    one_of("role", *ROLES),
    Index("ix_former_memberships_user_id", "user_id"),
)
