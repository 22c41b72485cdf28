"""What is said to the person at the terminal when a command cannot go on: what is wrong, and what to do."""

import sys
from typing import NoReturn

import typer

FAILED = 1
MISCONFIGURED = 2


def stop(message: str, code: int = FAILED) -> NoReturn:
    """Say why, and end the command."""
    warn(message)
    raise typer.Exit(code)


def greet(message: str) -> None:
    """Tell a person that a process is running; a log has no use for it."""
    if sys.stderr.isatty():
        typer.echo(message, err=True)


def warn(message: str) -> None:
    """Say something beside the output."""
    typer.echo(f"reminders: {message}", err=True)
