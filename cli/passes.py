"""The passes of `reminders sweep`."""

import asyncio
import json
import signal
from contextlib import suppress
from datetime import UTC, datetime

import typer
from sqlalchemy.exc import SQLAlchemyError

from cli.words import stop, warn
from core import logs
from core.loops import new_loop
from core.settings import Settings
from tasks.engine import Swept, open_engine


def run(settings: Settings, interval: float | None, *, as_json: bool) -> None:
    """Sweep every `interval` seconds until told to end, or once for None."""
    logs.configure(settings)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_sweep(settings, interval, as_json=as_json))


async def _sweep(settings: Settings, interval: float | None, *, as_json: bool) -> None:
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    async with open_engine(settings, kind="sweep") as engine:
        while not ending.is_set():
            try:
                tell(await engine.sweep_once(), datetime.now(UTC), as_json=as_json)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                if interval is None:
                    stop(f"the pass was not finished ({type(error).__name__}); the next one goes on from there")
                warn(f"the pass was not finished ({type(error).__name__}); the next one comes in its time")
            if interval is None:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), interval)


def tell(swept: Swept, at: datetime, *, as_json: bool) -> None:
    """Print what a pass did."""
    if as_json:
        typer.echo(json.dumps({"at": at.isoformat(), "reminders": swept.reminders, "channels": swept.channels}))
        return
    channels = f"; something was to be sent by {', '.join(swept.channels)}" if swept.channels else ""
    typer.echo(f"{at:%Y-%m-%d %H:%M:%S} UTC  {swept.reminders} reminders fired{channels}")
