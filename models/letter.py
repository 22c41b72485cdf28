"""Letters: mails about accounts, outside of reminders, and test messages. The row is the outbox."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Uuid, text

from models.base import created_at, id_column, instant, metadata, one_of, words

letters = Table(
    "letters",
    metadata,
    id_column(),
    # The name of a file in tasks/letter_kinds.
    words("kind"),
    # A mailbox, sealed; null where the kind looks it up. Wiped as soon as the letter has ended.
    words("sealed_to", nullable=True),
    # Whose account it concerns; null where nobody has looked yet whether there is one.
    Column("user_id", Uuid),
    # Which thing of its kind: an address, an invitation, ...
    Column("about", Uuid),
    words("status", "pending"),
    words("reason", nullable=True),
    # When to look at it next; while `sending` that is when the lease ends.
    instant("deliver_at", nullable=False),
    # Somebody else's result is not written: whoever holds the lease is known by this.
    Column("lease_token", Uuid),
    Column("attempt_count", Integer, nullable=False, server_default=text("0")),
    # How often a process died with this letter in hand.
    Column("deaths", Integer, nullable=False, server_default=text("0")),
    words("last_error", nullable=True),
    instant("ended_at"),
    created_at(),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="SET NULL"),
    one_of("status", "pending", "sending", "sent", "suppressed", "dead"),
    # What is to be sent, and whose lease ran out, is the edge of one small index.
    Index("ix_letters_deliver_at", "deliver_at", postgresql_where=text("ended_at is null")),
    Index("ix_letters_ended_at", "ended_at", postgresql_where=text("ended_at is not null")),
    Index("ix_letters_user_id", "user_id", postgresql_where=text("user_id is not null")),
)
