"""Ends that are asked for, and results that are hard to write."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from channels.base import Accepted, Channel, Message, Transient
from core.settings import Settings
from models import addresses, attempts, deliveries, occurrences
from tasks.engine import open_engine
from tests.fixtures.rows import Rows


class Gate(Channel):
    """A channel whose sends wait for the test, and then end as it says."""

    name = "email"
    lanes = 4

    def __init__(self, settings: Settings, end: Callable[[], Awaitable[Accepted]]) -> None:
        super().__init__(settings)
        self.end = end
        self.begun, self.gate = asyncio.Event(), asyncio.Event()
        self.closed = False

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        self.closed = True

    async def send(self, address: str, message: Message) -> Accepted:
        """Wait for the gate; a message through a closed channel would be one that nobody writes down."""
        del address, message
        assert not self.closed
        self.begun.set()
        await self.gate.wait()
        return await self.end()


async def accepted() -> Accepted:
    """Accept."""
    return Accepted(ref="ok")


async def refused() -> Accepted:
    """Refuse for now."""
    raise Transient("later")


async def status(rows: Rows) -> str:
    """Return the status of the one delivery."""
    [delivery] = await rows.all(deliveries)
    return str(delivery.status)


async def test_a_claim_under_way_is_still_sent_and_written(rows: Rows, settings: Settings) -> None:
    """Asked to end while its claim is on the way, the dispatcher sends what that brings before it closes."""
    channel = Gate(settings, accepted)
    channel.gate.set()
    await rows.solo()
    await rows.claim()
    async with rows.db.connect() as blocking, open_engine(settings, channels=[channel]) as engine:
        await blocking.execute(text("lock table deliveries in exclusive mode"))
        engine.start()
        engine.hint("email")
        await asyncio.sleep(0.3)
        ending = asyncio.create_task(engine.close())
        await asyncio.sleep(0.1)
        await blocking.rollback()
        await ending
    assert await status(rows) == "delivered"


async def test_an_engine_that_is_cancelled_ends_in_order(rows: Rows, settings: Settings) -> None:
    """The API cancels `run` when it ends; what is under way is sent and written all the same."""
    channel = Gate(settings, accepted)
    await rows.solo()
    async with open_engine(settings, channels=[channel]) as engine:
        running = asyncio.create_task(engine.run())
        await channel.begun.wait()
        running.cancel()
        await asyncio.wait({running})
        asyncio.get_running_loop().call_later(0.1, channel.gate.set)
    assert await status(rows) == "delivered"


async def test_what_follows_a_result_is_done_even_if_it_fails_at_first(rows: Rows, settings: Settings) -> None:
    """The result is written once; holding the destination is tried again until it works."""
    channel = Gate(settings, refused)
    await rows.solo()
    async with open_engine(settings, channels=[channel]) as engine:
        engine.start()
        await channel.begun.wait()
        await rows.execute("alter table addresses rename to hidden")
        channel.gate.set()
        async with asyncio.timeout(5):
            while not await rows.all(attempts):
                await asyncio.sleep(0.02)
            await rows.execute("alter table hidden rename to addresses")
            while not (await rows.all(addresses))[0].failures:
                await asyncio.sleep(0.02)
    assert [attempt.outcome for attempt in await rows.all(attempts)] == ["transient"]


async def test_an_odd_reference_holds_nobody_up(rows: Rows, settings: Settings) -> None:
    """What PostgreSQL takes for no text is mended, and the delivery is written down."""

    async def odd() -> Accepted:
        return Accepted(ref="a\0b\ud800")

    channel = Gate(settings, odd)
    channel.gate.set()
    await rows.solo()
    async with open_engine(settings, channels=[channel]) as engine:
        await engine.sweep_once()
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.provider_ref) == ("delivered", "ab?")


async def test_the_occurrence_of_a_dead_closer_is_closed_by_the_next_process(rows: Rows, settings: Settings) -> None:
    """Delivered, and then dead before closing: another process closes what waits for nobody."""
    await rows.solo(completion=None)
    await rows.claim()
    await rows.execute("update deliveries set status = 'delivered'")
    async with open_engine(settings) as engine:
        engine.start()
        for _ in range(60):
            if (await rows.all(occurrences))[0].status == "closed":
                break
            await asyncio.sleep(0.05)
    assert (await rows.all(occurrences))[0].status == "closed"
