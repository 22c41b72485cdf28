"""From names to addresses, by the resolver of the system."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""What turns a name and a port into addresses as text; it raises OSError when it finds none."""

THREADS = 8


class SystemResolver:
    """Asks the system, in threads of its own.

    A name whose server keeps silent holds a thread for half a minute; those of the loop hash passwords.
    """

    def __init__(self) -> None:
        """Take no thread before the first name."""
        self._threads: ThreadPoolExecutor | None = None

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return all addresses of a name; raises OSError."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return [str(each[4][0]) for each in found]

    def close(self) -> None:
        """Let go of the threads; one that waits for an answer ends by itself."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
