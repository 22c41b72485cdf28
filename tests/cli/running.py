"""`reminders` as a process: started as a person starts it, and everything it starts in turn."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from cli.client import Client, Refused

ROOT = Path(__file__).parents[2]
DEADLINE = 40.0


def environment(**settings: str) -> dict[str, str]:
    """Return an environment in which nothing is set but what a shell sets, and some settings."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | settings


def command(*words: str) -> list[str]:
    """Return the command line of a command of ours."""
    return [sys.executable, "-m", "cli.main", *words]


def reminders(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a folder without .env."""
    return subprocess.run(
        command(*words),
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def eventually(holds: Callable[[], object], deadline: float = DEADLINE) -> None:
    """Wait until something holds, and fail when it does not in time."""
    until = time.monotonic() + deadline
    while not holds():
        assert time.monotonic() < until, "this did not come to pass in time"
        time.sleep(0.05)


def descendants(pid: int) -> dict[int, str]:
    """Return what a process has started, directly and indirectly, with the words of each."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # It has ended.
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= new
    return {child: words(child) for child in found}


def words(pid: int) -> str:
    """Return the command line of a process, empty when there is none or only its corpse."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


class Up:
    """A `reminders up` on a folder."""

    def __init__(self, folder: Path, *options: str, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.client = Client("127.0.0.1", self.port)
        self._settings = dict(settings or {})
        self._options = options
        self._log = folder.with_name(f"{folder.name}.log")

    def start(self) -> float:
        """Start, wait for the welcome, and return how many seconds it took until requests were served."""
        began = time.monotonic()
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                command("up", "--port", str(self.port), "--data", str(self.folder), *self._options),
                cwd=self.folder.parent,
                env=environment(**self._settings),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(lambda: self.ready() or self.process.poll() is not None)
        seconds = time.monotonic() - began
        eventually(lambda: "Ctrl-C stops" in self.output() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output()
        return seconds

    def ready(self) -> bool:
        """Whether requests are served."""
        try:
            return bool(self.client.get("/readyz"))
        except (OSError, Refused):
            return False

    def output(self) -> str:
        """All that it has printed."""
        return self._log.read_text()

    def child(self, word: str) -> int:
        """Return the process, among those it started, with a word in its command line."""
        return next(iter(self.children(word)))

    def children(self, word: str) -> set[int]:
        """Return all of them; none while one that has died is started again."""
        return {pid for pid, line in descendants(self.process.pid).items() if word in line}

    def signal(self, number: signal.Signals) -> dict[int, str]:
        """Send a signal; return what was running below it then."""
        below = descendants(self.process.pid)
        self.process.send_signal(number)
        return below

    def stop(self) -> None:
        """Stop, by force where asking does not help."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()
