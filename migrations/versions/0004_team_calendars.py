"""Team calendars: dates that a team calls holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables, and an index that holds only the reminders that heed a calendar."""
    op.create_table(
        "calendars",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_calendars_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "id", name=op.f("pk_calendars")),
    )
    op.create_table(
        "calendar_dates",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.CheckConstraint("date between '1970-01-01' and '2200-12-31'", name=op.f("ck_calendar_dates_reckonable")),
        sa.ForeignKeyConstraint(
            ["team_id", "calendar_id"],
            ["calendars.team_id", "calendars.id"],
            name=op.f("fk_calendar_dates_team_id_calendar_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "calendar_id", "date", name=op.f("pk_calendar_dates")),
    )
    op.create_index(
        "ix_reminders_calendar",
        "reminders",
        ["team_id", sa.literal_column("(schedule ->> 'holidays')")],
        unique=False,
        postgresql_where=sa.text("schedule ->> 'holidays' like 'calendar:%'"),
    )
