"""`reminders api`."""

from typing import Annotated

import typer


def api(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the REST API; with SWEEP_IN_API it sweeps and delivers as well."""
    from cli import database, installation, listening  # noqa: PLC0415  see main.py

    settings = installation.find()
    database.require(installation.database_url(settings))
    listening.serve(settings, host, port)
