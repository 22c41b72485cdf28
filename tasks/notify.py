"""Notifying: a dispatcher per channel and process, which takes from the table what its lanes can start."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.base import Ambiguous, Blocked, Channel, Permanent, Transient
from core import metrics, unsubscribe
from core.backoff import backoff
from core.clock import elapsed_seconds
from core.crash import crash_point
from core.ids import uuid7
from core.logs import frames
from crud import dispatch
from crud.dispatch import DEADLINE, LEASE, Lanes, Result
from tasks.ledger import Ledger
from tasks.messages import render

log = structlog.get_logger()

# How long those under way may take when the process is asked to end, and then the writing of what came of them.
GRACE_SECONDS = 4.5
SETTLE_SECONDS = 1.5


class Dispatcher:
    """Sends what is due on one channel: claims only as many deliveries as lanes are free.

    No lease runs while a row waits in memory, and a destination that hangs holds few lanes.
    """

    def __init__(self, channel: Channel, db: AsyncEngine, open_address: Callable[[Row[Any]], str]) -> None:
        self.channel = channel
        self._db = db.execution_options(isolation_level="AUTOCOMMIT")
        self._open_address = open_address
        self._ledger = Ledger(self._db, channel.name)
        self._wanted = asyncio.Event()
        self._draining = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._opened = False
        self._stopping = False
        self._sends: set[asyncio.Task[None]] = set()
        self._teams: Counter[UUID] = Counter()
        self._addresses: Counter[UUID] = Counter()
        self._held_back = False
        # Where the round of the teams goes on.
        self._after = UUID(int=0)
        self._in_flight = metrics.in_flight.labels(channel.name)
        self._lateness = metrics.lateness.labels(channel.name)

    def hint(self) -> None:
        """Say that there may be something to send."""
        self._wanted.set()

    async def run(self) -> None:
        """Send whenever hinted, until `stop`."""
        # Not with the first message, which would be late by all that is imported for it.
        async with self._draining:
            await self._open()
        while not self._stopping:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._take_all()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                # The safety loop hints again as soon as the database answers.
                log.warning(
                    "dispatcher.waiting", channel=self.channel.name, error=type(error).__name__, at=frames(error)[-1:]
                )

    async def drain(self) -> None:
        """Send until nothing is due, and return when all of it is written."""
        await self._take_all()
        # Those held back wait for lanes that may have become free while the last claim ran.
        while self._sends or (self._held_back and not self._stopping):
            if self._sends:
                await asyncio.wait(self._sends)
            await self._take_all()
        await self._ledger.settle()

    async def stop(self) -> None:
        """Take nothing more, let what is under way end within a grace time, write it, and close the channel."""
        self._stopping = True
        self._wanted.set()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                # A claim that is on its way brings rows that are ours to send; only then nothing new is to come.
                async with self._draining:
                    pass
                while self._sends:
                    await asyncio.wait(self._sends)
        except TimeoutError:
            for task in self._sends:
                task.cancel()
        await self._ledger.settle(SETTLE_SECONDS)
        await self._stack.aclose()

    async def _take_all(self) -> None:
        async with self._draining:
            await self._open()
            while not self._stopping:
                free = self.channel.lanes - len(self._sends)
                # A claim costs the same for one row as for many, so it waits until a few lanes are free.
                if free < max(1, self.channel.lanes // 4):
                    await asyncio.wait(self._sends, return_when=asyncio.FIRST_COMPLETED)
                elif not await self._take(free):
                    return

    async def _open(self) -> None:
        if not self._opened:
            await self._stack.enter_async_context(self.channel)
            self._opened = True

    async def _take(self, free: int) -> bool:
        """Claim for the free lanes and start sending; return whether there may be more."""
        most_of_team = max(1, self.channel.lanes * 3 // 4)
        most_of_address = max(2, self.channel.lanes // 8)
        full = [team for team, count in self._teams.items() if count >= most_of_team]
        busy = [address for address, count in self._addresses.items() if count >= most_of_address]
        self._held_back = bool(full or busy)
        claimed_at = elapsed_seconds()
        lanes = Lanes(free, full, busy, most_of_address)
        async with self._db.connect() as conn:
            rows = await dispatch.claim(conn, self.channel.name, lanes, token=uuid7(), after=self._after)
        for row in rows:
            self._start(row, claimed_at)
        if rows:
            self._in_flight.set(len(self._sends))
            self._after = max((row.team_id <= self._after, row.team_id) for row in rows)[1]
        return bool(rows)

    def _start(self, row: Row[Any], claimed_at: float) -> None:
        self._teams[row.team_id] += 1
        self._addresses[row.address_id] += 1
        task = asyncio.create_task(self._send(row, claimed_at))
        self._sends.add(task)
        task.add_done_callback(lambda done: self._ended(done, row))

    def _ended(self, task: asyncio.Task[None], row: Row[Any]) -> None:
        self._sends.discard(task)
        for counter, key in ((self._teams, row.team_id), (self._addresses, row.address_id)):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]
        self._in_flight.set(len(self._sends))
        if self._held_back:
            self._wanted.set()

    async def _send(self, row: Row[Any], claimed_at: float) -> None:
        # A process that was asleep must not send what others may have taken over meanwhile.
        if elapsed_seconds() - claimed_at > (LEASE - DEADLINE).total_seconds():
            log.warning("delivery.left_alone", delivery_id=str(row.id))
            return
        outcome = await self._attempt(row)
        elapsed = timedelta(seconds=elapsed_seconds() - claimed_at)
        result = Result(row, elapsed=elapsed, **outcome)
        if result.outcome == "accepted":
            self._lateness.observe((row.started_at + elapsed - row.due_at).total_seconds())
        else:
            log.info("delivery.attempted", delivery_id=str(row.id), outcome=result.outcome, detail=result.detail)
        self._ledger.add(result, idle=len(self._sends) <= 1)

    async def _attempt(self, row: Row[Any]) -> dict[str, Any]:
        """Send once, bounded in time, and tell how it ended; nothing but cancellation gets out."""
        try:
            address, message = self._open_address(row), render(row, unsubscribe_url=self._unsubscribe(row))
            crash_point("send:before_connect")
            async with asyncio.timeout(DEADLINE.total_seconds()):
                accepted = await self.channel.send(address, message)
            crash_point("send:after_accept")
        except Exception as error:  # noqa: BLE001  a fault of ours must be seen, and must not lose the delivery
            return _judged(error, row)
        return {"outcome": "accepted", "ref": accepted.ref}

    def _unsubscribe(self, row: Row[Any]) -> str | None:
        if not self.channel.unsubscribes:
            return None
        return unsubscribe.url(self.channel.settings, self.channel.name, row.value_hash)


def _judged(error: Exception, row: Row[Any]) -> dict[str, Any]:
    """Return what a failed attempt means for its delivery."""
    retry_in = backoff(row.attempt_count, error.retry_after if isinstance(error, Transient) else None)
    match error:
        case Permanent():
            return {"outcome": "permanent", "detail": error.detail, "reason": error.reason}
        case Blocked():
            return {"outcome": "blocked", "detail": error.detail, "reason": error.reason}
        case Transient():
            outcome, detail = "transient", error.detail
        case Ambiguous():
            outcome, detail = "unknown", error.detail
        case TimeoutError():
            outcome, detail = "unknown", f"no answer within {DEADLINE.total_seconds():.0f} s"
        case _:
            log.error("delivery.failed", delivery_id=str(row.id), error=type(error).__name__, at=frames(error))
            outcome, detail = "transient", f"fault: {type(error).__name__}"
    return {"outcome": outcome, "detail": detail, "retry_in": retry_in}
