"""Second factors: the secret that a person's authenticator app shares with us (RFC 6238)."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table, Uuid

from models.base import created_at, instant, metadata, words

totp = Table(
    "totp",
    metadata,
    Column("user_id", Uuid, nullable=False),
    words("sealed_secret"),
    # Null: it has been shown, but nobody has proven yet that an app knows it; signing in does not ask for it.
    instant("confirmed_at"),
    # Of the last code that was accepted: neither that one nor an older one is accepted again.
    Column("last_step", BigInteger),
    created_at(),
    PrimaryKeyConstraint("user_id"),
    ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
)
