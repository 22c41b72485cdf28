"""Reminders on everybody's own clock: a local time on occurrences, an instant of one's own on deliveries.

All columns may be null and nothing is rewritten. A worker of the version before reads the new schema as the old one;
what it cannot plan (`timezone: recipient`) it postpones by five minutes, until one of this version comes by.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and indexes that hold only such rows."""
    op.add_column("reminders", sa.Column("next_local", sa.DateTime(), nullable=True))
    op.add_column("reminders", sa.Column("next_zone", sa.Text(), nullable=True))
    op.add_column("reminders", sa.Column("planned_from", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_reminders_local", "reminders", ["team_id"], unique=False, postgresql_where=sa.text("next_local is not null")
    )
    op.add_column("occurrences", sa.Column("scheduled_local", sa.DateTime(), nullable=True))
    op.create_index(
        "uq_occurrences_scheduled_local",
        "occurrences",
        ["team_id", "reminder_id", "scheduled_local"],
        unique=True,
        postgresql_where=sa.text("scheduled_local is not null"),
    )
    op.add_column("deliveries", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("timezone", sa.Text(), nullable=True))
    op.create_index(
        "ix_deliveries_local",
        "deliveries",
        ["team_id", "user_id"],
        unique=False,
        postgresql_where=sa.text("status = 'pending' and timezone is not null"),
    )
