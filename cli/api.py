"""`reminders api`."""

from typing import Annotated

import typer


def api(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the REST API.

    With SWEEP_IN_API it sweeps and delivers as well; OPS_TOKEN opens `POST /api/v1/ops/sweep`.
    """
    from cli import database, installation, listening

    settings = installation.find()
    listener = listening.listen(host, port)
    database.require(installation.database_url(settings))
    listening.serve(listener)
