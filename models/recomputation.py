"""Recomputations: each time what is planned was computed anew for a version of the zone data; also its progress."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import id_column, instant, metadata, words

recomputations = Table(
    "recomputations",
    metadata,
    id_column(),
    words("version"),
    # Null for the first one, which only keeps the rules.
    words("former_version", nullable=True),
    instant("began_at", nullable=False),
    # Null while it is under way, and after a process died in the middle of it.
    instant("ended_at"),
    # When a process with this version last looked after it.
    instant("seen_at", nullable=False),
    # The last reminder that is done; the next process goes on behind it.
    Column("after_team_id", Uuid),
    Column("after_id", Uuid),
    Column("report", JSONB, nullable=False, server_default=text("'{}'")),
    PrimaryKeyConstraint("id"),
    Index("ix_recomputations_began_at", "began_at"),
)
