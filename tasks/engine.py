"""The engine: everything that one process needs to sweep and to deliver, with a queue or without."""

import asyncio
import platform
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels import open_channel, registry
from channels.base import Blocked, Channel
from core import db
from core.ids import uuid7
from core.logs import frames
from core.queue import Ringer, open_ringer
from core.sealing import BrokenSeal, unseal
from core.settings import Settings
from crud import sweeps
from crud.letters import CHANNEL as LETTERS
from tasks import recompute, sweep, tidy
from tasks.letters import Postman
from tasks.notify import Dispatcher
from tasks.wake import claim_all

log = structlog.get_logger()

ADDRESS = "addresses.sealed_value"
# How often the safety loop looks; the lateness without Redis.
LOOK_SECONDS = 1.0
# After something was due it looks again, because only then it can tell when the next is.
AGAIN_SECONDS = 0.05
# No statement of ours takes as long; a database that gives no answer for this long is away.
ANSWER_SECONDS = 30
BEAT_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did, and how much waits for a later instant."""

    reminders: int
    channels: tuple[str, ...]


class Engine:
    """Sweeps and delivers in this process.

    `run` is the safety loop; `claim`, `hint` and `sweep` are what jobs call; `sweep_once` does all of it,
    deliveries included, and returns when nothing is due.
    """

    def __init__(
        self, settings: Settings, database: AsyncEngine, ringer: Ringer, channels: Iterable[Channel], kind: str
    ) -> None:
        self.database = database
        self.ringer = ringer
        self.kind = kind
        self._id = uuid7()
        self.settings = settings
        self._autocommit = database.execution_options(isolation_level="AUTOCOMMIT")
        self._dispatchers = {channel.name: Dispatcher(channel, database, self._address) for channel in channels}
        self._senders: dict[str, Dispatcher | Postman] = {**self._dispatchers, LETTERS: Postman(settings, database)}
        self._claiming = asyncio.Lock()
        self._loops: list[asyncio.Task[None]] = []
        self._away = False

    def _address(self, row: Row[Any]) -> str:
        try:
            return unseal(self.settings, row.sealed_value, where=ADDRESS, row_id=row.address_id)
        except BrokenSeal as error:
            raise Blocked("the address cannot be opened with this SECRET_KEY", "unreadable_address") from error

    def hint(self, *channels: str) -> None:
        """Let the dispatchers of some channels, or the postman, look for work."""
        for channel in channels:
            if channel in self._senders:
                self._senders[channel].hint()

    async def claim(self) -> None:
        """Claim what is due and start sending it."""
        async with self._claiming:
            _, channels = await claim_all(self.database, self.ringer)
        self.hint(*channels)

    async def sweep(self) -> None:
        """Do one pass over everything due, and set the alarms of the next minute again."""
        async with self._claiming:
            _, channels = await sweep.sweep_rows(self.database, self.ringer)
        async with self._autocommit.connect() as conn:
            found = await sweeps.probe(conn, self._dispatchers)
            await sweeps.beat(conn, self._id, self.kind, platform.node())
        self.hint(*channels, *found.channels)
        await sweep.rearm(self.database, self.ringer)

    async def sweep_once(self) -> Swept:
        """Sweep and deliver until nothing is due, then return; needs neither Redis nor a worker."""
        await self.prepare()
        async with self._claiming:
            fired, _ = await sweep.sweep_rows(self.database, self.ringer)
        async with self._autocommit.connect() as conn:
            await sweeps.beat(conn, self._id, self.kind, platform.node())
            found = await sweeps.probe(conn, self._dispatchers)
        await asyncio.gather(*(self._senders[channel].drain() for channel in found.channels))
        return Swept(fired, tuple(sorted(found.channels)))

    async def prepare(self) -> None:
        """Plan anew what other zone data planned; to be awaited before anything is claimed here."""
        await recompute.prepare(self.database, self.ringer)

    def start(self) -> None:
        """Start dispatchers, postman and safety loop."""
        loops: list[Callable[[], Awaitable[None]]] = [sender.run for sender in self._senders.values()]
        loops.append(lambda: recompute.watch(self.database, self.ringer))
        loops.append(lambda: tidy.watch(self.database, self.settings))
        self._loops = [asyncio.create_task(_forever(loop)) for loop in [*loops, self._look_forever]]

    async def run(self) -> None:
        """Sweep and deliver until cancelled."""
        await self.prepare()
        self.start()
        # Waited for, not gathered: a loop that is cancelled in the middle of a claim would leave leases behind.
        await asyncio.wait(self._loops)

    async def close(self) -> None:
        """Take nothing more, let what is under way end, and write it down."""
        if self._loops:
            self._loops[-1].cancel()
        await asyncio.gather(*(sender.stop() for sender in self._senders.values()))
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def _look_forever(self) -> None:
        looks = 0
        while True:
            try:
                wait = await self._look(looks)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                wait = LOOK_SECONDS
                self._note(away=True, error=error)
            else:
                self._note(away=False)
            looks += 1
            await asyncio.sleep(wait)

    async def _look(self, looks: int) -> float:
        """Look once from PostgreSQL alone, do what is due, and return for how long to sleep."""
        async with self._autocommit.connect() as conn:
            found = await sweeps.probe(conn, self._dispatchers)
            if looks % BEAT_LOOKS == 0:
                await sweeps.beat(conn, self._id, self.kind, platform.node())
        self.hint(*found.channels)
        if found.due or found.resumable or found.lost:
            async with self._claiming:
                _, channels = await sweep.sweep_rows(self.database, self.ringer)
            self.hint(*channels)
        if found.due:
            return AGAIN_SECONDS
        # What is due before the next look is met on its instant.
        return min(LOOK_SECONDS, found.next_due) if found.next_due else LOOK_SECONDS

    def _note(self, *, away: bool, error: BaseException | None = None) -> None:
        if away != self._away:
            self._away = away
            name = type(error).__name__ if error else None
            log.warning("database.away" if away else "database.back", error=name)


async def _forever(loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop again when a fault of ours ended it: one fault must not stop a process from delivering."""
    while True:
        try:
            await loop()
        except Exception as error:  # noqa: BLE001  whatever it is, the next round may do better
            log.error("loop.failed", error=type(error).__name__, at=frames(error))
            await asyncio.sleep(LOOK_SECONDS)
        else:
            return


@asynccontextmanager
async def open_engine(
    settings: Settings, kind: str = "worker", channels: Iterable[Channel] | None = None
) -> AsyncIterator[Engine]:
    """Open the database and the ringer of the settings and return an engine on them; close all at the end.

    Without `channels` it sends through all that were found.
    """
    if settings.database_url is None:
        message = "DATABASE_URL is not set; `reminders up` brings its own database"
        raise RuntimeError(message)
    url, size = settings.database_url.get_secret_value(), settings.database_pool_size
    database = db.open_engine(url, pool_size=size, answer_seconds=ANSWER_SECONDS)
    ringer = open_ringer(settings.redis_url)
    found = channels if channels is not None else [open_channel(name, settings) for name in registry()]
    engine = Engine(settings, database, ringer, found, kind)
    try:
        yield engine
    finally:
        await engine.close()
        await ringer.close()
        await database.dispose()
