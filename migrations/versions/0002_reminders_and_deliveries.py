"""Reminders, what they caused, and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them in the order of their foreign keys."""
    _reminders()
    _reminders_checks()
    _reminders_indexes()
    _occurrences()
    _deliveries()
    _deliveries_checks()
    _deliveries_indexes()
    _attempts()


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("schedule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience_kind", sa.Text(), server_default="team", nullable=False),
        sa.Column("audience_user_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("audience_roles", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("audience_address_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=True),
        sa.Column("entity_id", sa.Text(), nullable=True),
        sa.Column("event_type", sa.Text(), nullable=True),
        sa.Column("completion", sa.Text(), nullable=True),
        sa.Column("catch_up", sa.Text(), server_default="latest", nullable=False),
        sa.Column("max_lateness", sa.Interval(), nullable=True),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("created_via", sa.Text(), server_default="api", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("status_before_delete", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_reminders_created_by")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_reminders_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "id", name=op.f("pk_reminders")),
    )


def _reminders_checks() -> None:
    op.create_check_constraint(
        op.f("ck_reminders_audience_kind"),
        "reminders",
        "audience_kind in ('team', 'users', 'roles', 'creator', 'addresses')",
    )
    op.create_check_constraint(op.f("ck_reminders_catch_up"), "reminders", "catch_up in ('latest', 'all', 'skip')")
    op.create_check_constraint(
        op.f("ck_reminders_created_via"),
        "reminders",
        "created_via in ('api', 'ui', 'slack', 'chat', 'mcp', 'calendar', 'import', 'cli')",
    )
    op.create_check_constraint(
        op.f("ck_reminders_whole_second"), "reminders", "next_run_at = date_trunc('second', next_run_at, 'UTC')"
    )
    op.create_check_constraint(
        op.f("ck_reminders_status"), "reminders", "status in ('active', 'paused', 'completed', 'expired', 'deleted')"
    )


def _reminders_indexes() -> None:
    op.create_index(
        "ix_reminders_due", "reminders", ["next_run_at"], unique=False, postgresql_where=sa.text("status = 'active'")
    )
    op.create_index(
        "ix_reminders_paused_until",
        "reminders",
        ["paused_until"],
        unique=False,
        postgresql_where=sa.text("status = 'paused'"),
    )
    op.create_index("ix_reminders_team_id_created_at", "reminders", ["team_id", "created_at", "id"], unique=False)
    op.create_index("ix_reminders_team_id_next_run_at", "reminders", ["team_id", "next_run_at", "id"], unique=False)
    op.create_index(
        "uq_reminders_active_key",
        "reminders",
        ["team_id", "entity_type", "entity_id", "event_type"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminder_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("missed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_via", sa.Text(), nullable=True),
        sa.Column("acknowledge_note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('open', 'acknowledged', 'closed', 'skipped', 'expired', 'cancelled')",
            name=op.f("ck_occurrences_status"),
        ),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["users.id"], name=op.f("fk_occurrences_acknowledged_by")),
        sa.ForeignKeyConstraint(
            ["team_id", "reminder_id"],
            ["reminders.team_id", "reminders.id"],
            name=op.f("fk_occurrences_team_id_reminder_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint(
            "team_id", "reminder_id", "scheduled_for", name=op.f("uq_occurrences_team_id_reminder_id_scheduled_for")
        ),
    )
    op.create_index(
        "ix_occurrences_open",
        "occurrences",
        ["team_id", "reminder_id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="first", nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("address_team_id", sa.Uuid(), nullable=True),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("deliver_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("attempt_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("deaths", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_team_id", "address_id"],
            ["addresses.team_id", "addresses.id"],
            name=op.f("fk_deliveries_address_team_id_address_id"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "occurrence_id"],
            ["occurrences.team_id", "occurrences.id"],
            name=op.f("fk_deliveries_team_id_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "address_id"],
            ["addresses.user_id", "addresses.id"],
            name=op.f("fk_deliveries_user_id_address_id"),
        ),
        sa.PrimaryKeyConstraint("team_id", "id", name=op.f("pk_deliveries")),
    )


def _deliveries_checks() -> None:
    op.create_check_constraint(
        op.f("ck_deliveries_lease"), "deliveries", "(status = 'sending') = (lease_token is not null)"
    )
    op.create_check_constraint(
        op.f("ck_deliveries_kind"), "deliveries", "kind in ('first', 'nag', 'escalation', 'digest', 'replay')"
    )
    op.create_check_constraint(
        op.f("ck_deliveries_status"),
        "deliveries",
        "status in ('pending', 'sending', 'blocked', 'quarantined', 'delivered', 'confirmed', 'dead', 'suppressed', 'cancelled', 'expired')",
    )
    op.create_check_constraint(op.f("ck_deliveries_address_of_this_team"), "deliveries", "address_team_id = team_id")
    op.create_check_constraint(
        op.f("ck_deliveries_one_recipient"), "deliveries", "num_nonnulls(user_id, address_team_id) = 1"
    )
    op.create_unique_constraint(
        op.f("uq_deliveries_team_id_occurrence_id_channel_address_id_kind_seq"),
        "deliveries",
        ["team_id", "occurrence_id", "channel", "address_id", "kind", "seq"],
    )


def _deliveries_indexes() -> None:
    op.create_index(
        "ix_deliveries_deliver_at",
        "deliveries",
        ["deliver_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["channel", "team_id", "deliver_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_lease",
        "deliveries",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_deliveries_waiting_address",
        "deliveries",
        ["address_id"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('accepted', 'transient', 'permanent', 'blocked', 'unknown', 'fenced')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "delivery_id"],
            ["deliveries.team_id", "deliveries.id"],
            name=op.f("fk_attempts_team_id_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "delivery_id", "n", name=op.f("pk_attempts")),
    )
