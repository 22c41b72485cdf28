"""`reminders api`, as a process that strangers speak to."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import command, environment, eventually, free_port

pytestmark = pytest.mark.processes
SECRET = "canary7Zq9vWx2LkPmN4tRbYcHdJfGs8aQeUo3"


@pytest.fixture
def port(database_url: str, tmp_path: Path) -> Iterator[int]:
    """The port of an API that logs all it can into a file `log`."""
    port = free_port()
    settings = environment(DATABASE_URL=database_url, LOG_LEVEL="DEBUG", PUBLIC_URL="https://reminders.example.com")
    with (tmp_path / "log").open("w") as log:
        words = command("api", "--port", str(port))
        process = subprocess.Popen(words, cwd=tmp_path, env=settings, stdout=log, stderr=subprocess.STDOUT)
        try:
            eventually(lambda: process.poll() is not None or listens(port))
            yield port
        finally:
            process.terminate()
            process.wait(20)


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


def test_it_says_nothing_about_itself(port: int, tmp_path: Path) -> None:
    """No header names the server, also where it refuses what is no HTTP; HTTPS is demanded; no secret is logged."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/api/v1/users/me?token={SECRET}", headers={"Authorization": f"Bearer {SECRET}"})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    assert answer.status == 401
    assert "server" not in headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(f"GET /{SECRET} HTTP/9.9\r\nCookie: {SECRET}\r\nx y z\r\n\r\n".encode())
        said = raw.recv(10_000).lower()
    assert said.startswith(b"http/1.1 400")
    assert b"server:" not in said
    log = (tmp_path / "log").read_text()
    assert "401" in log
    assert SECRET not in log
