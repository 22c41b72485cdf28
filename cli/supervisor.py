"""`reminders up` in the foreground: what it starts, in which order, and how it ends."""

import asyncio
import signal
import time
from contextlib import ExitStack
from pathlib import Path

from cli import database, installation, listening, runfile, surroundings
from cli.children import KeepsDying
from cli.processes import HOST, Plan, Processes, say
from cli.runfile import RunFile
from cli.servers import Servers
from cli.words import MISCONFIGURED, stop
from core.embedded import EmbeddedError
from core.settings import Settings


def run(port: int, data: Path | None, *, demo: bool) -> int:
    """Run everything until a signal comes, and return the exit code."""
    began = time.monotonic()
    settings = installation.read()
    if settings.production:
        stop("`reminders up` is for development; in production run migrate, api and worker", MISCONFIGURED)
    # Until the loop runs, SIGTERM ends things as Ctrl-C does, so that what was started is stopped.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    folder = (data or settings.data_dir).expanduser().resolve()
    with ExitStack() as stack:
        held = _hold(folder)
        stack.callback(held.release)
        listening.listen(HOST, port).close()
        try:
            servers = stack.enter_context(Servers(settings, folder, say))
            environment = surroundings.environment(settings, folder, f"http://{HOST}:{port}") | servers.environment
            database.upgrade(_database_url(settings, environment))
            plan = Plan(settings, folder, port, environment, demo=demo, began=began)
            asyncio.run(Processes(plan, servers, held).run())
        except (EmbeddedError, KeepsDying) as error:
            stop(str(error))
        except KeyboardInterrupt:
            say("up", "stopped before it had started")
    return 0


def _hold(folder: Path) -> RunFile:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return RunFile.hold(folder)
    except runfile.Taken:
        running = runfile.running(folder)
        where = f" at {running.address}" if running else ""
        stop(f"`reminders up` runs on {folder} already{where}; choose another folder with --data (`make up DATA=...`)")
    except OSError as error:
        stop(f"{folder} cannot be used ({error.strerror}); choose another folder with --data (`make up DATA=...`)")


def _database_url(settings: Settings, environment: dict[str, str]) -> str:
    given = settings.database_url
    return given.get_secret_value() if given else environment["DATABASE_URL"]
