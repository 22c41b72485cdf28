"""What commands do, in the process of the test: to start one of their own takes a second of a processor."""

import asyncio
from collections.abc import Callable

import pytest
import typer

from core.settings import Settings


async def run_verb(
    verb: Callable[..., None], settings: Settings, capsys: pytest.CaptureFixture[str], **options: bool
) -> tuple[int, str]:
    """Run it beside the loop of the test; return the exit code of its command, and what it printed."""
    capsys.readouterr()
    try:
        await asyncio.to_thread(verb, settings, **options)
    except typer.Exit as end:
        return end.exit_code, capsys.readouterr().out
    return 0, capsys.readouterr().out
