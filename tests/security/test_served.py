"""The same through the real server, as strangers reach it."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import command, environment, eventually, free_port

pytestmark = pytest.mark.processes
FORM = "username=ada%40example.com&password=wrong+horse"


@pytest.fixture
def port(database_url: str, tmp_path: Path) -> Iterator[int]:
    """The port of an API."""
    port = free_port()
    words = command("api", "--port", str(port))
    process = subprocess.Popen(words, cwd=tmp_path, env=environment(DATABASE_URL=database_url))

    def listens() -> bool:
        with socket.socket() as knocking:
            return knocking.connect_ex(("127.0.0.1", port)) == 0

    try:
        eventually(lambda: process.poll() is not None or listens())
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/api/v1{path}", body, named)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_server_believes_no_header_and_bears_every_token(port: int) -> None:
    """A forged address changes nothing, though uvicorn would believe whoever sits on this machine."""
    kind = "application/x-www-form-urlencoded"
    statuses = [
        _ask(port, "POST", "/auth/token", FORM, Content_Type=kind, X_Forwarded_For=f"198.51.100.{number}")
        for number in range(8)
    ]
    assert statuses == [401] * 6 + [429] * 2
    for token in ("x" * 1_000_000, "." * 10_000, "." * 4_000, "a.b.c", "ey\xe9.x.y"):
        assert _ask(port, "GET", "/users/me", Authorization=f"Bearer {token}") == 401
