"""Alembic's migrations, forward only, each harmless to the version that is still running."""
