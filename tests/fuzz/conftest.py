"""A real API process on a database of its own, and accounts to ask it with."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.cli.running import ROOT, command, environment, eventually, free_port
from tests.fixtures.api import PASSWORD

SETTINGS = Path(__file__).with_name("schemathesis.toml")
SIGN_IN = """
[auth.dynamic.openapi.Bearer]
path = "/api/v1/auth/token"
payload = {{username = "{email}", password = "{password}"}}
payload_content_type = "application/x-www-form-urlencoded"
extract_from = "body"
extract_selector = "/access_token"
"""


@dataclass
class Api:
    """A process that serves the API, and what it has logged."""

    url: str
    log: Path
    folder: Path

    def fuzz(self, *words: str, email: str | None = None) -> subprocess.CompletedProcess[str]:
        """Let Schemathesis ask the process, signed in if an account is named, and return what it says."""
        config = self.folder / "schemathesis.toml"
        config.write_text(SETTINGS.read_text() + (SIGN_IN.format(email=email, password=PASSWORD) if email else ""))
        program = [sys.executable, "-m", "schemathesis.cli", f"--config-file={config}", "run", "--no-color"]
        return subprocess.run(
            [*program, *words, f"{self.url}/api/v1/openapi.json"],
            cwd=ROOT,
            env=environment(HOME=str(self.folder)),
            capture_output=True,
            text=True,
            check=False,
        )

    def register(self, email: str) -> str:
        """Make an account and return its mail address."""
        account = {"email": email, "password": PASSWORD, "name": "Ada"}
        answer = httpx2.post(f"{self.url}/api/v1/auth/register", json=account)
        assert answer.status_code == 201, answer.text
        return email

    def token(self, email: str) -> tuple[str, str]:
        """Make an account, and return the words by which it is asked with for as long as its session lasts."""
        form = {"username": self.register(email), "password": PASSWORD}
        answer = httpx2.post(f"{self.url}/api/v1/auth/token", data=form)
        return "--header", f"Authorization: Bearer {answer.json()['access_token']}"

    def successes(self) -> int:
        """Return how often the process has done what it was asked."""
        return sum('"status": 2' in line for line in self.log.read_text().splitlines())

    def failures(self) -> list[str]:
        """Return what the process has logged as its own failure."""
        return [line for line in self.log.read_text().splitlines() if '"level": "error"' in line]


@pytest.fixture
def api(database_url: str, tmp_path: Path) -> Iterator[Api]:
    """The process, without a limit on how often it may be asked."""
    port, log = free_port(), tmp_path / "api.log"
    env = environment(DATABASE_URL=database_url, RATE_LIMIT_ENABLED="false", LOG_FORMAT="json", OPS_TOKEN="ops")
    with log.open("w") as output:
        serving = subprocess.Popen(
            command("api", "--port", str(port)), cwd=tmp_path, env=env, stdout=output, stderr=subprocess.STDOUT
        )
    started = Api(f"http://127.0.0.1:{port}", log, tmp_path)
    try:
        eventually(lambda: _serves(started.url))
        yield started
    finally:
        serving.terminate()
        serving.wait(15)


def _serves(url: str) -> bool:
    with suppress(httpx2.TransportError):
        return httpx2.get(f"{url}/healthz").status_code == 200
    return False
