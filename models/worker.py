"""Workers: a heartbeat per process that sweeps, because arq's own outlives the process by an hour."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from models.base import id_column, instant, metadata, words

workers = Table(
    "workers",
    metadata,
    id_column(),
    words("kind"),
    words("host"),
    instant("started_at", nullable=False),
    instant("seen_at", nullable=False),
    instant("swept_at"),
    PrimaryKeyConstraint("id"),
    Index("ix_workers_seen_at", "seen_at"),
)
