"""`reminders migrate`."""

import typer


def migrate() -> None:
    """Bring the database to the newest revision.

    Safe to run before every start, and by several at once.
    """
    from cli import database, installation

    before, after = database.upgrade(installation.database_url(installation.find()))
    typer.echo(f"The database is at revision {after}." if before == after else f"Migrated to revision {after}.")
