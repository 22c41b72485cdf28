"""`reminders secrets`."""

from typing import Annotated

import typer

app = typer.Typer(help="Look after what is sealed at rest.", no_args_is_help=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")]


@app.command()
def rotate(*, as_json: AsJson = False) -> None:
    """Seal anew, with SECRET_KEY, what the keys in SECRET_KEYS_PREVIOUS have sealed.

    API and workers may go on meanwhile, and it may be interrupted. At the end it says what still depends on a
    previous key; it ends with 1 if something had to be left out.
    """
    from cli import database, installation, resealing

    settings = installation.find()
    database.require(installation.database_url(settings), patient=False)
    resealing.rotate(settings, as_json=as_json)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say which key has sealed how much, and which keys may be dropped.

    It ends with 1 while something depends on a key that is not SECRET_KEY.
    """
    from cli import database, installation, resealing

    settings = installation.find()
    database.require(installation.database_url(settings), patient=False)
    resealing.status(settings, as_json=as_json)
