"""The processes of `reminders up`: started, listened to, restarted, stopped."""

import asyncio
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from core.embedded.process import until_parent_dies

ROOT = Path(__file__).parent.parent
# More than what a channel's sends and the API's requests are given to end.
STOP_SECONDS = 25
PAUSE_SECONDS = 0.5
MOST_DEATHS = 3
WITHIN_SECONDS = 60.0

Say = Callable[[str, str], None]


class KeepsDying(Exception):
    """A process ended again and again; the message names it."""


class Child:
    """One command of ours as a process that is kept alive until `stop`."""

    def __init__(self, name: str, words: Sequence[str], environment: Mapping[str, str], say: Say) -> None:
        """Name it; `say` gets its name and each line that it writes."""
        self.name = name
        self._words = words
        self._environment = environment
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._stopping = False

    async def run(self) -> None:
        """Keep the process running until `stop`; raises KeepsDying when that is in vain."""
        while not self._stopping:
            self._process = await self._start()
            if self._stopping:
                self._signal(signal.SIGTERM)
            await self._listen(self._process)
            code = await self._process.wait()
            if self._stopping:
                return
            self._note_death(code)
            await asyncio.sleep(PAUSE_SECONDS)

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self._stopping = True
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it without asking."""
        self._signal(signal.SIGKILL)

    async def _start(self) -> asyncio.subprocess.Process:
        # SIGKILL, because a worker whose database dies with the same parent would wait for it for ever.
        words = (*until_parent_dies(signal.SIGKILL), sys.executable, "-m", "cli.main", *self._words)
        # From the root of the checkout and not from where the person stands: there may be another `api` folder.
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        return await asyncio.create_subprocess_exec(
            *words,
            env={**os.environ, **self._environment, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # A Ctrl-C in the terminal is for the supervisor, which stops the others in order.
            start_new_session=True,
        )

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:
                continue  # Longer than the buffer; what follows is a line again.
            if not line:
                return
            self._say(self.name, line.decode(errors="replace").rstrip())

    def _note_death(self, code: int) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        ended = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < WITHIN_SECONDS:
            message = f"{self.name} {ended}, {MOST_DEATHS} times within {WITHIN_SECONDS:.0f} s; what it said is above"
            raise KeepsDying(message)
        self._say("up", f"{self.name} {ended} and is started again")

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


async def stop(children: Sequence[Child], tasks: Sequence[asyncio.Task[None]]) -> None:
    """Stop all of them, by force after STOP_SECONDS or when this is cancelled."""
    for child in children:
        child.ask_to_stop()
    try:
        await asyncio.wait(tasks, timeout=STOP_SECONDS)
    finally:
        for child in children:
            child.kill()
    await asyncio.wait(tasks, timeout=STOP_SECONDS)
