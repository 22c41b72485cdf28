"""Invitations by link, deleted teams that can be restored, and who stands in for those who leave.

New columns have constant defaults, so no row is written anew. A worker of the version before invites mailboxes as it
did, writes no delivery of the new kind, and deletes teams for good: without `purge_at` nobody can restore them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ROLE = "role in ('owner', 'admin', 'member', 'viewer')"


def upgrade() -> None:
    """Change the tables in turn."""
    _teams()
    _invitations()
    _former_memberships()
    _deliveries()


def _version(table: str) -> None:
    op.add_column(table, sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _teams() -> None:
    op.add_column("teams", sa.Column("on_leave", sa.Text(), server_default="creator", nullable=False))
    op.add_column("teams", sa.Column("purge_at", sa.DateTime(timezone=True), nullable=True))
    # Nobody can restore those that are gone already; they are removed in time like the others.
    op.execute("update teams set purge_at = deleted_at + interval '30 days' where deleted_at is not null")
    _check("teams", "on_leave", "on_leave in ('creator', 'owners')")
    op.create_index("ix_teams_purge_at", "teams", ["purge_at"], postgresql_where=sa.text("deleted_at is not null"))
    _version("memberships")


def _invitations() -> None:
    _version("invitations")
    op.alter_column("invitations", "email", nullable=True)
    for name, default in (("max_uses", "1"), ("uses", "0")):
        op.add_column("invitations", sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False))
    op.drop_constraint(op.f("ck_invitations_status"), "invitations")
    _check("invitations", "status", "status in ('pending', 'accepted', 'declined', 'revoked')")
    _check("invitations", "uses", "uses between 0 and max_uses and max_uses between 1 and 100")
    _check("invitations", "one_mailbox", "email is null or max_uses = 1")
    op.create_index("ix_invitations_id", "invitations", ["id"])
    op.create_index("ix_invitations_expires_at", "invitations", ["expires_at"])


def _former_memberships() -> None:
    op.create_table(
        "former_memberships",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_ROLE, name=op.f("ck_former_memberships_role")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_former_memberships_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_former_memberships_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_former_memberships")),
    )
    op.create_index("ix_former_memberships_user_id", "former_memberships", ["user_id"])


def _deliveries() -> None:
    # It looks through all deliveries once, which are neither claimed nor sent meanwhile.
    op.drop_constraint(op.f("ck_deliveries_kind"), "deliveries")
    _check("deliveries", "kind", "kind in ('first', 'nag', 'escalation', 'digest', 'replay', 'substitute')")
