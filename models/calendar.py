"""Team calendars: the dates that a team calls holidays."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Uuid,
    text,
)

from models.base import created_at, id_column, metadata, updated_at, words

calendars = Table(
    "calendars",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    words("name"),
    # Changes with the name and with the dates; it is the ETag.
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    updated_at(),
    PrimaryKeyConstraint("team_id", "id"),
    ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
)

calendar_dates = Table(
    "calendar_dates",
    metadata,
    Column("team_id", Uuid, nullable=False),
    Column("calendar_id", Uuid, nullable=False),
    Column("date", Date, nullable=False),
    words("name", nullable=True),
    PrimaryKeyConstraint("team_id", "calendar_id", "date"),
    ForeignKeyConstraint(["team_id", "calendar_id"], ["calendars.team_id", "calendars.id"], ondelete="CASCADE"),
    # What schedules reckon with; it also keeps PostgreSQL's `infinity` out.
    CheckConstraint("date between '1970-01-01' and '2200-12-31'", name="reckonable"),
)
