"""One server as a child process: started, awaited, watched over, stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

LONGEST_SOCKET_FOLDER = 70  # A socket's path may have about 100 bytes, its file name included.
TAIL = 2_000


class EmbeddedError(Exception):
    """An embedded server cannot be had; the message ends with the server's own last words."""


class Server:
    """A server below `folder`, reachable by a Unix socket that only this user can open.

    `start` and `stop` may alternate on one object, and the URL stays the same. Call `start` from a thread
    that lives as long as the server should: on Linux the kernel ends the server when that thread ends,
    however it ends, `kill -9` included.
    """

    name: ClassVar[str]
    gentle: ClassVar[signal.Signals]
    """The signal after which the server leaves in order and soon."""

    def __init__(self, folder: Path | str, *, port: int | None = None, deadline: float = 30.0) -> None:
        """Name the folder; `port` also listens on 127.0.0.1, without a password; `deadline` is in seconds."""
        self.folder = Path(folder).resolve()
        self.port = port
        self.deadline = deadline
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say; begun anew at each start."""
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        """The process of the server."""
        if self._process is None:
            message = f"{self.name} is not running"
            raise EmbeddedError(message)
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process of the server is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def socket_path(self) -> Path:
        """The Unix socket."""
        if self._sockets is None:
            message = f"{self.name} was never started"
            raise EmbeddedError(message)
        return self._sockets / self.socket_name()

    @property
    def url(self) -> str:
        """The address that the settings accept."""
        raise NotImplementedError

    def socket_name(self) -> str:
        """Return the file name of the Unix socket."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """Prepare the folder and return the command line of the server."""
        raise NotImplementedError

    def greet(self, connection: socket.socket) -> bool:
        """Say hello on a new connection and tell whether the server is ready for work."""
        raise NotImplementedError

    def start(self) -> str:
        """Start the server, wait until it answers, and return its URL; EmbeddedError if it does not."""
        until = time.monotonic() + self.deadline
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sockets = _private_folder(self._sockets)
        command = self.command()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal is for the application, which stops its servers last.
                start_new_session=True,
            )
        try:
            self._await_ready(self._process, until)
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server in order, by force after 10 s; stopping twice does no harm."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(self.gentle)
            process.send_signal(signal.SIGCONT)  # A frozen process would not hear the first one.
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def kill(self) -> None:
        """Kill the server with SIGKILL, as a crash would; `start` brings it back under the same URL."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def _await_ready(self, process: subprocess.Popen[bytes], until: float) -> None:
        while not self._answers():
            if (code := process.poll()) is not None:
                message = f"{self.name} ended with {code} instead of starting; its log says:\n{self.last_words()}"
                raise EmbeddedError(message)
            if time.monotonic() > until:
                message = f"{self.name} did not answer within {self.deadline:g} s; its log says:\n{self.last_words()}"
                raise EmbeddedError(message)
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket_path))
                return self.greet(connection)
        except OSError:
            return False

    def last_words(self) -> str:
        """The end of the server's log."""
        return self.log.read_text(errors="replace")[-TAIL:] if self.log.exists() else ""


def environment() -> dict[str, str]:
    """Return what a server gets to know: nothing of ours, so that no PGPORT or PGDATA leads it astray."""
    return {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", os.defpath)}


def until_parent_dies(farewell: signal.Signals) -> list[str]:
    """Return the words before a command that make Linux send it a signal when the calling thread ends.

    They go after all words that change the user, because Linux forgets the wish with the old user.
    Empty where `setpriv` is not to be had, as on macOS: there a killed parent leaves its servers behind.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", farewell.name.removeprefix("SIG"), "--"] if setpriv else []


def _private_folder(known: Path | None) -> Path:
    if known is not None:
        known.mkdir(mode=0o700, exist_ok=True)
        return known
    usual = tempfile.gettempdir()
    short = usual if len(usual) < LONGEST_SOCKET_FOLDER else "/tmp"  # noqa: S108  mkdtemp makes a private folder in it
    return Path(tempfile.mkdtemp(prefix="reminders-", dir=short))
