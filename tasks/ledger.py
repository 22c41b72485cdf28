"""The ledger of a dispatcher: outcomes are collected and written in batches, whatever becomes of the database."""

import asyncio
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core import metrics
from core.crash import crash_point
from crud import dispatch
from crud.dispatch import Result

log = structlog.get_logger()

BATCH = 200
BATCH_SECONDS = 0.1
RETRY_SECONDS = 0.5
# Failures of these kinds say something about the destination, not only about this message.
HOLDING = frozenset({"transient", "unknown"})


class Ledger:
    """Writes results every 100 ms or 200 rows, and at once when nothing is under way."""

    def __init__(self, db: AsyncEngine, channel: str) -> None:
        self._db = db
        self._channel = channel
        self._results: list[Result] = []
        self._flusher: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def add(self, result: Result, *, idle: bool) -> None:
        """Take a result; `idle` says that no other is coming soon."""
        self._results.append(result)
        metrics.attempts.labels(self._channel, result.outcome).inc()
        if idle or len(self._results) >= BATCH:
            self._hurry.set()
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())

    async def settle(self, seconds: float | None = None) -> None:
        """Return when everything that was taken is written, or after so many seconds in any case."""
        if self._flusher is not None and not self._flusher.done():
            self._hurry.set()
            _, late = await asyncio.wait({self._flusher}, timeout=seconds)
            if late:
                log.error("results.given_up", channel=self._channel)

    async def _flush(self) -> None:
        while self._results:
            try:
                async with asyncio.timeout(BATCH_SECONDS):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            batch, self._results = self._results[:BATCH], self._results[BATCH:]
            await self._write(batch)

    async def _write(self, batch: list[Result]) -> None:
        """Write one batch, and do not let go while the database is away: an accepted message must be known."""
        written: set[UUID] | None = None
        while True:
            try:
                async with self._db.connect() as conn:
                    # Once only: what is written has given its lease back, and would look fenced the second time.
                    if written is None:
                        crash_point("result:before_commit")
                        written = await dispatch.record(conn, batch)
                        crash_point("result:after_commit")
                        self._note_fenced(batch, written)
                    await self._consequences(conn, [result for result in batch if result.row.id in written])
            except Exception as error:  # noqa: BLE001  whatever it is, the batch must not be lost by it
                log.warning("results.waiting", channel=self._channel, count=len(batch), error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    def _note_fenced(self, batch: list[Result], written: set[UUID]) -> None:
        for result in batch:
            if result.row.id not in written:
                metrics.attempts.labels(self._channel, "fenced").inc()
                log.warning("delivery.fenced", delivery_id=str(result.row.id), outcome=result.outcome)

    async def _consequences(self, conn: AsyncConnection, results: list[Result]) -> None:
        """Hold destinations that fail, forgive those that work again, close what waits for nobody."""
        waits: dict[UUID, timedelta] = {}
        for result in results:
            if result.outcome in HOLDING:
                address = result.row.address_id
                waits[address] = max(waits.get(address, timedelta()), result.retry_in)
        works = {r.row.address_id for r in results if r.outcome == "accepted" and r.row.failures}
        ended = {(r.row.team_id, r.row.occurrence_id) for r in results if r.row.completion is None}
        if waits:
            await dispatch.postpone(conn, waits)
        if works - waits.keys():
            await dispatch.revive(conn, works - waits.keys())
        if ended:
            await dispatch.close_occurrences(conn, ended)
