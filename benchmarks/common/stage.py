"""The stage of a benchmark: a durable PostgreSQL, a Valkey, and our programs as real processes."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import asyncpg

from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.settings import Settings
from migrations.run import upgrade

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret that is as long as it has to be, for benchmarks"
WORKER = ("-m", "arq", "worker.WorkerSettings")
STOP_SECONDS = 20


class Stage:
    """Servers with a migrated database, and what starts processes on them."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.redis_url = redis_url

    def environment(self, **more: str) -> dict[str, str]:
        """Return the settings that every program gets, as in production."""
        return {
            "ENVIRONMENT": "production",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": SECRET,
            "EMAIL_VERIFICATION": "off",
            # Counted as ever, and never reached.
            "RATE_LIMIT_REQUESTS": "1000000000",
            "QUOTA_REMINDERS": "1000000000",
            "SLACK_BOT_TOKEN": "xoxb-benchmark",
            **more,
        }

    def settings(self, **more: str) -> Settings:
        """Return the same settings for this process."""
        values = {name.lower(): value for name, value in self.environment(**more).items()}
        return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # pydantic reads them as text

    async def connect(self) -> asyncpg.Connection:
        """Return a bare connection to the database."""
        return await asyncpg.connect(self.database_url)

    @contextmanager
    def process(self, *words: str, log: str, **more: str) -> Iterator[int]:
        """Run Python with some words until the block ends, its output in `<log>.log`; give its process id."""
        with (self.folder / f"{log}.log").open("ab") as output, started(words, output, self.environment(**more)) as pid:
            yield pid


@contextmanager
def started(words: Sequence[str], output: IO[bytes], environment: dict[str, str]) -> Iterator[int]:
    """Run a Python program and end it with SIGTERM, by force after 20 s."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Start the servers in a folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "postgres") as postgres, EmbeddedValkey(folder / "valkey") as valkey:
            asyncio.run(upgrade(postgres.url))
            yield Stage(folder, postgres.url, valkey.url)
