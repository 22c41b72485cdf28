"""Which installation a command works on: that of the settings, or that of a running `reminders up`."""

import os
from typing import TYPE_CHECKING

from cli import runfile
from cli.words import MISCONFIGURED, stop

if TYPE_CHECKING:
    from core.settings import Settings

NO_DATABASE = """\
there is no database to work on. Either
  run `reminders up` (or `make up`), which brings its own and lets this command find it, or
  set DATABASE_URL=postgresql://user:password@host/name in the environment or in .env"""


def read() -> "Settings":
    """Return the settings, or end the command with the names of those that are wrong."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from core.settings import get_settings

    settings, lines = None, []
    try:
        settings = get_settings()
    except ValidationError as error:
        lines = [_line(found["loc"], found["msg"]) for found in error.errors(include_input=False, include_url=False)]
    except SettingsError as error:
        # A list that is no JSON; the library names the field in quotes.
        name = str(error).split('"')[1] if '"' in str(error) else "a setting"
        lines = [_line((name,), "this is not JSON")]
    if settings is None:
        stop("some settings are wrong (environment or .env):\n" + "\n".join(lines), MISCONFIGURED)
    return settings


def _line(place: tuple[int | str, ...], message: str) -> str:
    name = str(place[0]).upper() if place else ""
    message = message.removeprefix("Value error, ")
    return f"  {name}: {message}" if name else f"  {message}"


def find() -> "Settings":
    """Return the settings; without DATABASE_URL, those of the `reminders up` that runs on DATA_DIR."""
    from core.settings import get_settings

    settings = read()
    if settings.database_url is None and (running := runfile.running(settings.data_dir)):
        # Through the environment, because the worker reads its settings from there as well.
        os.environ.update(running.environment)
        get_settings.cache_clear()
        settings = read()
    return settings


def database_url(settings: "Settings") -> str:
    """Return the address of the database, or end the command and say how to get one."""
    if settings.database_url is None:
        stop(NO_DATABASE, MISCONFIGURED)
    return settings.database_url.get_secret_value()
