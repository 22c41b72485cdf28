"""`reminders schedules recompute`."""

from typing import Annotated

import typer

app = typer.Typer(help="Look after what is planned.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def schedules() -> None:
    """Look after what is planned."""


@app.command()
def recompute(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, only tell.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Plan anew what another version of the time zone data planned.

    Workers do it by themselves when they start with new data; this does it now, and with whatever version is
    installed here. It ends with 1 if something had to be left out.
    """
    from cli import database, installation, recomputing

    settings = installation.find()
    database.require(installation.database_url(settings), patient=False)
    recomputing.run(settings, dry_run=dry_run, as_json=as_json)
