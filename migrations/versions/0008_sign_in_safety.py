"""Limits on attempts of every kind, second factors, and where a session was opened.

The failures of logins become one kind of limit among others; under their old name a view lets processes of the version
before count and tidy as they did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Turn the failures into limits, and make the tables of the second factor."""
    op.rename_table("login_failures", "limits")
    op.alter_column("limits", "account_hash", new_column_name="key_hash")
    op.alter_column("limits", "failures", new_column_name="level", type_=sa.Double())
    op.execute("alter table limits rename constraint pk_login_failures to pk_limits")
    op.execute("alter index ix_login_failures_last_at rename to ix_limits_last_at")
    op.execute(
        "create view login_failures as "
        "select key_hash as account_hash, level as failures, last_at, blocked_until from limits"
    )
    op.add_column("sessions", sa.Column("client_network", sa.Text(), nullable=True))
    _second_factors()


def _second_factors() -> None:
    op.create_table(
        "totp",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_totp_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["totp.user_id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
