"""`reminders sweep`."""

from typing import Annotated

import typer


def sweep(
    *,
    once: Annotated[bool, typer.Option("--once", help="Make one pass and end.")] = False,
    interval: Annotated[
        float, typer.Option(min=0.01, max=1440, metavar="MINUTES", help="Minutes between two passes.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per pass.")] = False,
) -> None:
    """Deliver everything that is due, now.

    It works from PostgreSQL alone: no worker and no Redis are needed. SIGTERM and Ctrl-C end it after the pass that
    is under way.
    """
    from cli import database, installation, passes

    settings = installation.find()
    database.require(installation.database_url(settings), patient=not once)
    passes.run(settings, None if once else interval * 60, as_json=as_json)
