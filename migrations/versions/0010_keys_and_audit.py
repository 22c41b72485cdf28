"""API keys, and the audit log, which nothing can change.

Both tables are new; workers of the version before do not look.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# What is younger than this stays, whatever the application asks for; older lines may be tidied away.
_GUARD = """
create function audit_log_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.created_at < now() - interval '90 days' then
    return old;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$
"""


def upgrade() -> None:
    """Make the tables, and the triggers that guard the log."""
    op.create_table(
        "api_keys",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("scope in ('read', 'write', 'admin')", name=op.f("ck_api_keys_scope")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_api_keys_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_api_keys_created_by"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "id", name=op.f("pk_api_keys")),
    )
    op.create_index("uq_api_keys_public_id", "api_keys", ["public_id"], unique=True)
    op.create_index("ix_api_keys_created_by", "api_keys", ["created_by"])
    _audit_log()


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("result", sa.Text(), server_default="done", nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("result in ('done', 'refused')", name=op.f("ck_audit_log_result")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    for column in ("team_id", "user_id"):
        where = sa.text(f"{column} is not null")
        op.create_index(f"ix_audit_log_{column}", "audit_log", [column, "created_at", "id"], postgresql_where=where)
    op.execute(_GUARD)
    op.execute(
        "create trigger stays before update or delete on audit_log for each row execute function audit_log_stays()"
    )
    op.execute(
        "create trigger stays_whole before truncate on audit_log for each statement execute function audit_log_stays()"
    )
