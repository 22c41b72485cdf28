"""The embedded servers of `reminders up`: those for which the settings name no other."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.settings import Settings

LOOK_SECONDS = 1.0


class Servers:
    """PostgreSQL and Valkey below a folder; started on entering, stopped on leaving, last first."""

    def __init__(self, settings: Settings, folder: Path, say: Callable[[str, str], None]) -> None:
        """Plan what is missing in the settings."""
        self._say = say
        self._planned: dict[str, EmbeddedPostgres | EmbeddedValkey] = {}
        if settings.database_url is None:
            self._planned["DATABASE_URL"] = EmbeddedPostgres(folder / "postgres")
        if settings.redis_url is None:
            self._planned["REDIS_URL"] = EmbeddedValkey(folder / "valkey")

    @property
    def environment(self) -> dict[str, str]:
        """The settings that lead to the servers."""
        return {name: server.url for name, server in self._planned.items()}

    def __enter__(self) -> Self:
        """Start; raises EmbeddedError."""
        try:
            for server in self._planned.values():
                server.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """Stop what runs."""
        for server in reversed(self._planned.values()):
            server.stop()

    async def watch(self) -> None:
        """Start again what has died, under the same address; raises EmbeddedError where that is in vain."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for server in self._planned.values():
                if not server.running:
                    self._say("up", f"{server.name} has died and is started again; its log was {server.log}")
                    server.start()
