"""Opt-outs, erased accounts, and the indexes by which people are found, erased and forgotten.

The new indexes are partial on what is rare, so that firing and sending write no more than before. Workers of the
version before do not look at opt-outs, which also disable the addresses themselves, and read erased accounts as not
active.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_users_created_at", "users", ["created_at", "id"], None),
    ("ix_addresses_value", "addresses", ["kind", "value_hash"], "deleted_at is null"),
    ("ix_addresses_removed", "addresses", ["deleted_at"], "deleted_at is not null and shown_value <> ''"),
    ("ix_deliveries_held", "deliveries", ["address_id"], "status in ('blocked', 'quarantined')"),
    ("ix_occurrences_noted", "occurrences", ["acknowledged_by"], "acknowledge_note is not null"),
)


def upgrade() -> None:
    """Make the table and the indexes, and let accounts be erased."""
    op.create_table(
        "opt_outs",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_hash", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source in ('page', 'one_click')", name=op.f("ck_opt_outs_source")),
        sa.PrimaryKeyConstraint("kind", "value_hash", name=op.f("pk_opt_outs")),
    )
    op.drop_constraint(op.f("ck_users_status"), "users")
    op.create_check_constraint(op.f("ck_users_status"), "users", "status in ('active', 'deactivated', 'erased')")
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where) if where else None)
