"""`reminders up`."""

from pathlib import Path
from typing import Annotated

import typer


def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the API and of the pages.")] = 8000,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the databases and of caught mail.", show_default="DATA_DIR, usually .data"),
    ] = None,
    *,
    demo: Annotated[bool, typer.Option(help="Make a demo team and a reminder a minute ahead.")] = True,
) -> None:
    """Start everything on this machine, to try it.

    That is PostgreSQL, Valkey, API, worker and a mail catcher, all below one folder. Ctrl-C and SIGTERM stop it all.
    """
    from cli import supervisor

    raise typer.Exit(supervisor.run(port, data, demo=demo))
