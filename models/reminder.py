"""Reminders: the truth about what is to be remembered, and when to look at it next."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Interval,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.base import created_at, id_column, instant, metadata, one_of, updated_at, words

CREATED_VIA = ("api", "ui", "slack", "chat", "mcp", "calendar", "import", "cli")


def _ids(name: str) -> Column[list[str]]:
    return Column(name, ARRAY(Uuid), nullable=False, server_default=text("'{}'"))


def _texts(name: str) -> Column[list[str]]:
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"))


reminders = Table(
    "reminders",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    Column("created_by", Uuid, nullable=False),
    words("message"),
    words("notes", nullable=True),
    # The canonical form that `schedules.plan.save` returned.
    Column("schedule", JSONB, nullable=False),
    words("audience_kind", "team"),
    _ids("audience_user_ids"),
    _texts("audience_roles"),
    _ids("audience_address_ids"),
    # Empty: each recipient's own preference.
    _texts("channels"),
    words("entity_type", nullable=True),
    words("entity_id", nullable=True),
    words("event_type", nullable=True),
    # None: there is nothing to acknowledge.
    words("completion", nullable=True),
    words("catch_up", "latest"),
    # None: unlimited for a one-shot; for a recurring one the smaller of 24 h and half the interval.
    Column("max_lateness", Interval),
    words("priority", "normal"),
    words("created_via", "api"),
    words("status", "active"),
    # When to look at it next; null when nothing is to come. Moved only together with what it causes.
    instant("next_run_at"),
    # For everybody's own clock: the local time that comes next, the zone that reaches it first, and the instant up
    # to which nothing is part of the plan. Null for one instant for all.
    Column("next_local", DateTime),
    words("next_zone", nullable=True),
    instant("planned_from"),
    instant("last_run_at"),
    instant("paused_until"),
    words("pause_reason", nullable=True),
    # What `restore` returns to.
    words("status_before_delete", nullable=True),
    instant("deleted_at"),
    # Changes with people's edits, not with firings; it is the ETag.
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("team_id", "id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["created_by"], ["users.id"]),
    one_of("status", "active", "paused", "completed", "expired", "deleted"),
    one_of("audience_kind", "team", "users", "roles", "creator", "addresses"),
    one_of("catch_up", "latest", "all", "skip"),
    one_of("created_via", *CREATED_VIA),
    # An alarm is a second; a fraction would fall due between two alarms.
    CheckConstraint("next_run_at = date_trunc('second', next_run_at, 'UTC')", name="whole_second"),
    # The claim: stays as small as what is to come, however many reminders are done.
    Index("ix_reminders_due", "next_run_at", postgresql_where=text("status = 'active'")),
    # Those to plan anew when somebody's clock changes; the others are not in it.
    Index("ix_reminders_local", "team_id", postgresql_where=text("next_local is not null")),
    # Those to plan anew when a team calendar changes.
    Index(
        "ix_reminders_calendar",
        "team_id",
        text("(schedule ->> 'holidays')"),
        postgresql_where=text("schedule ->> 'holidays' like 'calendar:%'"),
    ),
    Index("ix_reminders_paused_until", "paused_until", postgresql_where=text("status = 'paused'")),
    # One active reminder per natural key; rows with a null in it never collide.
    Index(
        "uq_reminders_active_key",
        "team_id",
        "entity_type",
        "entity_id",
        "event_type",
        unique=True,
        postgresql_where=text("status = 'active'"),
    ),
    Index("ix_reminders_team_id_next_run_at", "team_id", "next_run_at", "id"),
    Index("ix_reminders_team_id_created_at", "team_id", "created_at", "id"),
)
