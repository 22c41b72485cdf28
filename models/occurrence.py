"""Occurrences: a reminder at one scheduled instant; what one acknowledges and skips."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from models.base import created_at, id_column, instant, metadata, one_of, updated_at, words

occurrences = Table(
    "occurrences",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    Column("reminder_id", Uuid, nullable=False),
    # The nominal instant, which names the occurrence.
    instant("scheduled_for", nullable=False),
    # The local time that everybody gets on their own clock, which then names it; null: one instant for all.
    Column("scheduled_local", DateTime),
    # The version of the reminder that produced it.
    Column("reminder_version", Integer, nullable=False),
    words("status", "open"),
    words("reason", nullable=True),
    # Repetitions before this one that were missed and are merged into it.
    Column("missed", Integer, nullable=False, server_default=text("0")),
    instant("snoozed_until"),
    Column("acknowledged_by", Uuid),
    instant("acknowledged_at"),
    words("acknowledged_via", nullable=True),
    words("acknowledge_note", nullable=True),
    # Changes with people's edits; it is the ETag.
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("team_id", "id"),
    # Claimed once, whoever claims. The version is not part of it: an edit that keeps the instant sends once.
    UniqueConstraint("team_id", "reminder_id", "scheduled_for"),
    ForeignKeyConstraint(["team_id", "reminder_id"], ["reminders.team_id", "reminders.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["acknowledged_by"], ["users.id"]),
    one_of("status", "open", "acknowledged", "closed", "skipped", "expired", "cancelled"),
    # Where people change zones, an instant does not tell one local time from the next.
    Index(
        "uq_occurrences_scheduled_local",
        "team_id",
        "reminder_id",
        "scheduled_local",
        unique=True,
        postgresql_where=text("scheduled_local is not null"),
    ),
    Index("ix_occurrences_open", "team_id", "reminder_id", postgresql_where=text("status = 'open'")),
    # What somebody wrote when acknowledging, to be found when they are erased; most write nothing.
    Index("ix_occurrences_noted", "acknowledged_by", postgresql_where=text("acknowledge_note is not null")),
)
