"""`reminders up` in the foreground: what it starts, in which order, and how it ends."""

import asyncio
import signal
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import typer

from cli import banner, children, database, demo_team, installation, listening, runfile, surroundings
from cli.children import Child, KeepsDying
from cli.mail_catcher import catching
from cli.probe import until_ready
from cli.servers import Servers
from cli.words import MISCONFIGURED, stop, warn
from core.embedded import EmbeddedError
from core.settings import Settings

HOST = "127.0.0.1"
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run(port: int, data: Path | None, *, demo: bool) -> int:
    """Run everything until a signal comes, and return the exit code."""
    began = time.monotonic()
    settings = installation.read()
    if settings.production:
        stop("`reminders up` is for development; in production run migrate, api and worker", MISCONFIGURED)
    folder = (data or settings.data_dir).expanduser().resolve()
    held = _hold(folder)
    listening.listen(HOST, port).close()
    try:
        return asyncio.run(Supervisor(settings, folder, port, began).run(held, demo=demo))
    except (EmbeddedError, KeepsDying) as error:
        stop(str(error))
    finally:
        held.release()


def _hold(folder: Path) -> runfile.RunFile:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return runfile.RunFile.hold(folder)
    except runfile.Taken:
        running = runfile.running(folder)
        where = f" at {running.address}" if running else ""
        stop(f"`reminders up` is running on {folder} already{where}; choose another folder with --data")
    except OSError as error:
        stop(f"{folder} cannot be used: {error.strerror}; choose another folder with --data")


class Supervisor:
    """One run of `reminders up`."""

    def __init__(self, settings: Settings, folder: Path, port: int, began: float) -> None:
        self._settings = settings
        self._folder = folder
        self._port = port
        self._began = began
        self._address = f"http://{HOST}:{port}"
        quiet = "log_level" not in settings.model_fields_set
        self._environment = surroundings.environment(settings, folder, self._address, quiet=quiet)
        self._ending = asyncio.Event()

    async def run(self, held: runfile.RunFile, *, demo: bool) -> int:
        """Start, wait for the end, stop; the servers are stopped last."""
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._ending.set)
        async with AsyncExitStack() as stack:
            servers = stack.enter_context(Servers(self._settings, self._folder, say))
            self._environment |= servers.environment
            database.upgrade_quietly
        return 0


def say(who: str, line: str) -> None:
    """Print a line of a process."""
    with suppress(OSError):
        typer.echo(f"{who:<6} | {line}")
