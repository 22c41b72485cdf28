"""Deliveries: one occurrence to one address by one channel. The row is the outbox."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from models.base import created_at, id_column, instant, metadata, one_of, words

HELD = ("blocked", "quarantined")
WAITING = ("pending", "sending")
ENDED = ("delivered", "confirmed", "dead", "suppressed", "cancelled", "expired")

deliveries = Table(
    "deliveries",
    metadata,
    Column("team_id", Uuid, nullable=False),
    id_column(),
    Column("occurrence_id", Uuid, nullable=False),
    words("channel"),
    words("kind", "first"),
    Column("seq", Integer, nullable=False, server_default=text("1")),
    # The person it is for; null when it goes to an address of the team.
    Column("user_id", Uuid),
    # The team that owns the address; null when a person owns it.
    Column("address_team_id", Uuid),
    # Null only in a `suppressed` row that shows a gap: somebody without an address for this channel.
    Column("address_id", Uuid),
    words("status", "pending"),
    words("reason", nullable=True),
    # On everybody's own clock: when it was due for this recipient, and by which zone. Null: with its occurrence.
    instant("due_at"),
    words("timezone", nullable=True),
    # The one column behind retries, quiet hours, rate limits and snoozes.
    instant("deliver_at", nullable=False),
    instant("give_up_at", nullable=False),
    Column("lease_token", Uuid),
    instant("lease_until"),
    # When the attempt under way began; the attempt itself is written once, when it is closed.
    instant("started_at"),
    # Set while `sending` by whatever made the delivery pointless: the attempt under way is the last.
    words("cancel_reason", nullable=True),
    Column("attempt_count", Integer, nullable=False, server_default=text("0")),
    # How often a process died with this delivery in hand.
    Column("deaths", Integer, nullable=False, server_default=text("0")),
    words("last_error", nullable=True),
    instant("delivered_at"),
    words("provider_ref", nullable=True),
    # Changes with people's edits, not with attempts; it is the ETag.
    Column("version", Integer, nullable=False, server_default=text("1")),
    created_at(),
    PrimaryKeyConstraint("team_id", "id"),
    UniqueConstraint("team_id", "occurrence_id", "channel", "address_id", "kind", "seq"),
    ForeignKeyConstraint(["team_id", "occurrence_id"], ["occurrences.team_id", "occurrences.id"], ondelete="CASCADE"),
    # Two keys, of which one is null: whose address it is cannot be confused.
    ForeignKeyConstraint(["address_team_id", "address_id"], ["addresses.team_id", "addresses.id"]),
    ForeignKeyConstraint(["user_id", "address_id"], ["addresses.user_id", "addresses.id"]),
    CheckConstraint("address_team_id = team_id", name="address_of_this_team"),
    CheckConstraint("num_nonnulls(user_id, address_team_id) = 1", name="one_recipient"),
    # `substitute`: told in the place of those for whom it was, who have left or could not be reached.
    one_of("kind", "first", "nag", "escalation", "digest", "replay", "substitute"),
    one_of("status", *WAITING, *HELD, *ENDED),
    CheckConstraint("(status = 'sending') = (lease_token is not null)", name="lease"),
    # The due queries; both stay as small as the work in hand.
    Index("ix_deliveries_due", "channel", "team_id", "deliver_at", postgresql_where=text("status = 'pending'")),
    Index("ix_deliveries_lease", "lease_until", postgresql_where=text("status = 'sending'")),
    # Whether anything is due at all, however much waits for later.
    Index("ix_deliveries_deliver_at", "deliver_at", postgresql_where=text("status = 'pending'")),
    # What waits for somebody's own clock, to be planned anew when they change zone; the others are not in it.
    Index(
        "ix_deliveries_local",
        "team_id",
        "user_id",
        postgresql_where=text("status = 'pending' and timezone is not null"),
    ),
    # Postponing what waits for one destination.
    Index("ix_deliveries_waiting_address", "address_id", postgresql_where=text("status = 'pending'")),
    # Withdrawing what is held for one destination; few rows ever are.
    Index("ix_deliveries_held", "address_id", postgresql_where=text("status in ('blocked', 'quarantined')")),
)
