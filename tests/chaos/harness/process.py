"""One real process of the application, started, frozen, killed."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.embedded.process import until_parent_dies

ROOT = Path(__file__).parents[3]


class Process:
    """A child with its log in a file; it dies with the test, however the test ends."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self._child = subprocess.Popen(
                [*until_parent_dies(signal.SIGKILL), *words],
                env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "HOME": str(folder), **env},
                # Not the checkout, whose .env is not ours.
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self._child.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._child.send_signal(number)

    def kill(self) -> None:
        """Kill it with SIGKILL, and wait for its end."""
        self._child.kill()
        self._child.wait()

    async def ended(self, seconds: float) -> int:
        """Wait for its end and return its exit code; fails when it lives on."""
        async with asyncio.timeout(seconds):
            while (code := self._child.poll()) is None:
                await asyncio.sleep(0.02)
        return code

    async def terminate(self, seconds: float = 15) -> float:
        """Ask it to end with SIGTERM and return how long that took."""
        began = time.monotonic()
        self.send(signal.SIGTERM)
        await self.ended(seconds)
        return time.monotonic() - began

    @property
    def words(self) -> str:
        """What it has logged."""
        return self.log.read_text(errors="replace")

    @property
    def last_words(self) -> str:
        """Its first errors and the end of its log."""
        errors = [line for line in self.words.splitlines() if '"level": "error"' in line]
        return "\n".join([*errors[:10], "...", self.words[-4000:]])
