"""Who belongs to which team, and what they may do there."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Uuid, text

from models.base import created_at, metadata, one_of, words

ROLES = ("owner", "admin", "member", "viewer")

memberships = Table(
    "memberships",
    metadata,
    Column("team_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    words("role"),
    # Changes with the role; it is the ETag.
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    PrimaryKeyConstraint("team_id", "user_id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    one_of("role", *ROLES),
    # “My teams”, and the bound of every lookup by a bare id.
    Index("ix_memberships_user_id_team_id", "user_id", "team_id"),
)
