"""What is said to the person at the terminal when a command cannot go on: what is wrong, and what to do."""

from typing import NoReturn

import typer

FAILED = 1
MISCONFIGURED = 2


def stop(message: str, code: int = FAILED) -> NoReturn:
    """Say why, and end the command."""
    warn(message)
    raise typer.Exit(code)


def warn(message: str) -> None:
    """Say something beside the output."""
    typer.echo(f"reminders: {message}", err=True)
