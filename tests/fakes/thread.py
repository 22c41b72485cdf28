"""A fake in a thread of its own, for tests that block: it goes on answering while they wait for a process."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def in_thread(fake: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Run the fake on a loop in a thread until the block ends.

    From outside, its script, its counters and its lists may be used; what touches connections may not.
    """
    started: Future[tuple[T, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        stop = asyncio.Event()
        async with fake as running:
            started.set_result((running, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(live(),), daemon=True)
    thread.start()
    running, loop, stop = started.result(timeout=10)
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
