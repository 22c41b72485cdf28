"""Attempts: each try to deliver, written once, when it is closed."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table, Uuid

from models.base import instant, metadata, one_of, words

attempts = Table(
    "attempts",
    metadata,
    Column("team_id", Uuid, nullable=False),
    Column("delivery_id", Uuid, nullable=False),
    Column("n", Integer, nullable=False),
    words("outcome"),
    instant("started_at", nullable=False),
    instant("finished_at", nullable=False),
    words("detail", nullable=True),
    PrimaryKeyConstraint("team_id", "delivery_id", "n"),
    ForeignKeyConstraint(["team_id", "delivery_id"], ["deliveries.team_id", "deliveries.id"], ondelete="CASCADE"),
    one_of("outcome", "accepted", "transient", "permanent", "blocked", "unknown", "fenced"),
)
