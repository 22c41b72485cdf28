"""The language in which somebody is written to.

It may be null, which means that nobody has said; nothing is rewritten, and workers of the version before do not look.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column with its check."""
    op.add_column("users", sa.Column("locale", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_users_locale"), "users", "locale in ('en', 'de')")
