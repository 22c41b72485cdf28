"""`reminders migrate`."""

import asyncio

import typer


def migrate() -> None:
    """Bring the database to the newest revision; safe to run at every start, and by several at once."""
    from cli import database, installation  # noqa: PLC0415  see main.py

    url = installation.database_url(installation.find())
    before, after = asyncio.run(database.upgrade(url))
    typer.echo(f"The database is at revision {after}." if before == after else f"Migrated from {before} to {after}.")
