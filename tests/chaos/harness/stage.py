"""The stage of a test: one database, sinks, and the processes that it starts."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Self

from httpx2 import AsyncClient, AsyncHTTPTransport, RequestError
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.db import open_engine
from core.settings import Settings
from tests.chaos.harness.history import Expected, Verdict, judge
from tests.chaos.harness.invariants import broken
from tests.chaos.harness.process import Process
from tests.chaos.harness.sinks import Sinks
from tests.fakes.slack_api import TOKEN
from tests.fixtures.rows import Rows

PYTHON = sys.executable
CLOSING_SECONDS = 10.0
ARQ = (PYTHON, "-m", "arq", "worker.WorkerSettings")
WORKER = (PYTHON, "-m", "cli.main", "worker")
SWEEP = (PYTHON, "-m", "cli.main", "sweep")
# What no process of a quick test should need longer for, on a machine with much else to do.
PATIENCE = 30.0
_WAITING = "select count(*) from deliveries where status in ('pending', 'sending')"
_TO_CLAIM = "select count(*) from reminders where status = 'active'"


class Stage:
    """Starts processes on one database, and judges what they did; everything is killed at the end."""

    def __init__(self, database_url: str, redis_url: str | None) -> None:
        self.database_url, self.redis_url = database_url, redis_url
        self.sinks = Sinks()
        self.settings = Settings(_env_file=None, database_url=SecretStr(database_url))
        self.rows = Rows(open_engine(database_url, pool_size=5), self.settings)
        self.processes: list[Process] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the sinks."""
        # Short, because a Unix socket is to lie in it.
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        await self._stack.enter_async_context(self.sinks.slack)
        await self._stack.enter_async_context(self.sinks.smtp)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Kill what lives."""
        for process in self.processes:
            process.kill()
        await self.rows.db.dispose()
        await self._stack.aclose()

    def environment(self) -> dict[str, str]:
        """Return the settings of every process of this stage."""
        slack, smtp = self.sinks.slack, self.sinks.smtp
        return {
            "DATABASE_URL": self.database_url,
            **({"REDIS_URL": self.redis_url} if self.redis_url else {}),
            "SECRET_KEY": self.settings.secret_key.get_secret_value(),
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": TOKEN,
            "SMTP_HOST": smtp.host,
            "SMTP_PORT": str(smtp.port),
            "SMTP_TLS": "none",
            "RATE_LIMIT_ENABLED": "false",
            "LOG_FORMAT": "json",
        }

    def start(self, words: Iterable[str], **more: str) -> Process:
        """Start a process with additional settings."""
        name = f"{len(self.processes)}-{'-'.join(word for word in words if word[0] not in '/-')}"
        process = Process(name, list(words), self.environment() | more, self.folder)
        self.processes.append(process)
        return process

    async def worker(self, words: Iterable[str] = ARQ, **more: str) -> Process:
        """Start a worker, and return when it has swept for the first time."""
        before = await self._count("select count(*) from workers")
        process = self.start(words, **more)
        await self.until("select count(*) from workers", before + 1, process)
        return process

    @asynccontextmanager
    async def api(self, **more: str) -> AsyncIterator[AsyncClient]:
        """Start the API and yield a client below /api/v1, once it serves."""
        path = self.folder / "api.sock"
        words = (PYTHON, "-m", "uvicorn", "api.app:app", "--uds", str(path), "--no-access-log")
        process = self.start(words, **more)
        transport = AsyncHTTPTransport(uds=str(path))
        async with AsyncClient(transport=transport, base_url="http://api/api/v1", timeout=20) as client:
            async with asyncio.timeout(PATIENCE):
                while process.running and not await _serves(client):
                    await asyncio.sleep(0.05)
            yield client

    async def until(self, query: str, least: int, process: Process | None = None) -> None:
        """Wait until a count has grown to at least so many; at once an error when the process has ended."""
        async with asyncio.timeout(PATIENCE):
            while await self._count(query) < least:
                assert process is None or process.running, f"{process.name} ended:\n{process.last_words}"
                await asyncio.sleep(0.05)

    async def drained(self, seconds: float = PATIENCE) -> None:
        """Wait until every reminder is claimed and every delivery has ended."""
        async with asyncio.timeout(seconds):
            while await self._count(_TO_CLAIM) or await self._count(_WAITING):
                await asyncio.sleep(0.1)

    async def _count(self, query: str) -> int:
        try:
            async with self.rows.db.connect() as conn:
                return int((await conn.execute(text(query))).scalar_one())
        except (SQLAlchemyError, OSError):
            # Tests kill databases; what cannot be asked is not so yet.
            return -1 if "workers" in query else 1

    async def unknown(self) -> dict[str, int]:
        """Return how many attempts of unknown outcome each delivery has."""
        query = "select delivery_id::text, count(*) from attempts where outcome in ('unknown', 'fenced') group by 1"
        async with self.rows.db.connect() as conn:
            return {row[0]: row[1] for row in await conn.execute(text(query))}

    async def verdict(
        self,
        expected: Iterable[Expected],
        *,
        cancelled: Mapping[str, float] | None = None,
        maybe: Iterable[Expected] = (),
    ) -> Verdict:
        """Judge what has arrived, after checking what must hold in the database."""
        # Occurrences are closed by the statement after the one that writes the last result.
        deadline = time.monotonic() + CLOSING_SECONDS
        while (found := await broken(self.rows.db)) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        assert not found, found
        received = self.sinks.received()
        return judge(expected, received, unknown=await self.unknown(), cancelled=cancelled, maybe=maybe)


async def _serves(client: AsyncClient) -> bool:
    try:
        return (await client.get("http://api/healthz")).status_code == 200
    except RequestError:
        return False
