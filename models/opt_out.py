"""Opt-outs: what does not want to be reminded, by a keyed hash, so that it holds after every row about it is gone."""

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Table

from models.base import created_at, metadata, one_of, words

opt_outs = Table(
    "opt_outs",
    metadata,
    # The name of a channel, as of the address.
    words("kind"),
    # That of `addresses.value_hash`, whoever enters the address.
    Column("value_hash", LargeBinary, nullable=False),
    words("source"),
    created_at(),
    PrimaryKeyConstraint("kind", "value_hash"),
    one_of("source", "page", "one_click"),
)
