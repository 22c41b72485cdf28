"""The postman: takes letters from their table, lets their kinds compose them, sends them, writes down what came of it.

Beside the dispatchers of channels and with connections of its own, so that nobody's forgotten password waits behind
a thousand reminders.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels import open_channel
from channels.base import Ambiguous, Blocked, Channel, Letter, Permanent, Transient
from channels.email import Email
from core import metrics
from core.backoff import backoff
from core.clock import elapsed_seconds
from core.crash import crash_point
from core.ids import uuid7
from core.logs import frames
from core.sealing import BrokenSeal
from core.settings import Settings
from core.work import begin
from crud import letters
from crud.letters import CHANNEL, LEASE, Claimed
from tasks.letter_kinds import kinds
from tasks.letter_kinds.base import Errand

log = structlog.get_logger()

LANES: Final = 4
DEADLINE: Final = timedelta(seconds=15)
RETRY_SECONDS: Final = 0.5
GRACE_SECONDS: Final = 4.5
# A login that is refused is mended by a person, and a kind that is unknown by a newer process.
LONG_WAIT: Final = timedelta(minutes=5)
FAULT_WAIT: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; `pending` is tried again after `wait`."""

    status: str
    reason: str | None = None
    error: str | None = None
    wait: timedelta = timedelta()


class Postman:
    """Sends letters, a few at a time; each attempt makes them anew."""

    def __init__(self, settings: Settings, db: AsyncEngine) -> None:
        self._settings = settings
        self._db = db
        self._autocommit = db.execution_options(isolation_level="AUTOCOMMIT")
        self._stack = AsyncExitStack()
        self._channels: dict[str, Channel] = {}
        self._opening = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._draining = asyncio.Lock()
        self._stopping = False
        self._sends: set[asyncio.Task[None]] = set()

    def hint(self) -> None:
        """Say that there may be something to send."""
        self._wanted.set()

    async def run(self) -> None:
        """Send whenever hinted, until `stop`."""
        while not self._stopping:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._take_all()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                # The safety loop hints again as soon as the database answers.
                log.warning("postman.waiting", error=type(error).__name__, at=frames(error)[-1:])

    async def drain(self) -> None:
        """Send until nothing is due, and return when all of it is written."""
        await self._take_all()
        while self._sends:
            await asyncio.wait(self._sends)
            await self._take_all()

    async def stop(self) -> None:
        """Take nothing more, let what is under way end within a grace time, and close the connections."""
        self._stopping = True
        self._wanted.set()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                async with self._draining:
                    pass
                while self._sends:
                    await asyncio.wait(self._sends)
        except TimeoutError:
            for task in self._sends:
                task.cancel()
        await self._stack.aclose()

    async def _take_all(self) -> None:
        async with self._draining:
            while not self._stopping:
                free = LANES - len(self._sends)
                if free == 0:
                    await asyncio.wait(self._sends, return_when=asyncio.FIRST_COMPLETED)
                    continue
                claimed_at = elapsed_seconds()
                async with self._autocommit.connect() as conn:
                    rows = await letters.claim(conn, free, uuid7())
                for row in rows:
                    task = asyncio.create_task(self._send(row, claimed_at))
                    self._sends.add(task)
                    task.add_done_callback(self._sends.discard)
                if not rows:
                    return

    async def _send(self, row: Row[Any], claimed_at: float) -> None:
        outcome = await self._attempt(row, claimed_at)
        if outcome is None:
            log.warning("letter.left_alone", letter_id=str(row.id))
            return
        metrics.attempts.labels(CHANNEL, outcome.status).inc()
        about = {"letter_id": str(row.id), "kind": row.kind, "outcome": outcome.status}
        log.info("letter.attempted", **about, reason=outcome.reason, detail=outcome.error)
        await self._write(row, outcome)

    async def _attempt(self, row: Row[Any], claimed_at: float) -> Outcome | None:
        """Compose and send once, bounded in time; None: so much time has passed that others may have it in hand."""
        try:
            claimed = letters.opened(self._settings, row)
            composed = await self._composed(claimed)
            if composed is None:
                return Outcome("suppressed", "nobody_to_write_to")
            if elapsed_seconds() - claimed_at > (LEASE - DEADLINE).total_seconds():
                return None
            crash_point("send:before_connect")
            async with asyncio.timeout(DEADLINE.total_seconds()):
                await self._hand_over(claimed, composed)
            crash_point("send:after_accept")
        except Exception as error:  # noqa: BLE001  a fault of ours must be seen, and must not lose the letter
            return _judged(error, row)
        return Outcome("sent")

    async def _composed(self, claimed: Claimed) -> Letter | Errand | None:
        kind = kinds().get(claimed.kind)
        if kind is None:
            detail = "a kind of letter that this process does not know"
            raise Transient(detail, LONG_WAIT)
        async with begin(self._db) as work:
            return await kind.compose(work, self._settings, claimed)

    async def _hand_over(self, claimed: Claimed, composed: Letter | Errand) -> None:
        if isinstance(composed, Errand):
            channel = await self._open(composed.channel)
            await channel.send(composed.address, composed.message)
            return
        channel = await self._open(Email.name)
        if isinstance(channel, Email):
            # Another attempt bears another link; under the same name a mailbox would show only the first of them.
            await channel.post(claimed.to, composed, f"{claimed.id}.{claimed.attempt}", claimed.claimed_at)

    async def _open(self, name: str) -> Channel:
        async with self._opening:
            if name not in self._channels:
                channel = open_channel(name, self._settings)
                self._channels[name] = await self._stack.enter_async_context(channel)
            return self._channels[name]

    async def _write(self, row: Row[Any], outcome: Outcome) -> None:
        """Write down what came of a letter, and do not let go while the database is away."""
        while True:
            try:
                async with self._autocommit.connect() as conn:
                    crash_point("result:before_commit")
                    if outcome.status == "pending":
                        ours = await letters.retry(conn, row, outcome.error or "", outcome.wait)
                    else:
                        ours = await letters.end(conn, row, outcome.status, outcome.reason, outcome.error)
                    crash_point("result:after_commit")
            except Exception as error:  # noqa: BLE001  whatever it is, that a letter was sent must be known
                log.warning("letter.waiting", letter_id=str(row.id), error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                if not ours:
                    log.warning("letter.fenced", letter_id=str(row.id), outcome=outcome.status)
                return


def _judged(error: Exception, row: Row[Any]) -> Outcome:
    """Return what a failed attempt means for its letter."""
    about = {"letter_id": str(row.id), "error": type(error).__name__}
    least: timedelta | None = None
    match error:
        case Permanent():
            return Outcome("dead", error.reason, error.detail)
        case BrokenSeal():
            log.error("letter.unreadable", **about)
            return Outcome("dead", "unreadable_address")
        case Blocked():
            log.error("letter.blocked", **about, reason=error.reason)
            detail, least = error.detail, LONG_WAIT
        case Transient():
            detail, least = error.detail, error.retry_after
        case Ambiguous():
            detail = error.detail
        case TimeoutError():
            detail = f"no answer within {DEADLINE.total_seconds():.0f} s"
        case _:
            log.error("letter.failed", **about, at=frames(error))
            detail, least = f"fault: {type(error).__name__}", FAULT_WAIT
    return Outcome("pending", error=detail, wait=backoff(row.attempt_count - 1, least))
