"""What runs while `reminders up` runs: mail catcher, API, worker, and a look after all of them."""

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import typer

from cli import banner, children, demo_team
from cli.children import Child, KeepsDying
from cli.client import Client, Refused
from cli.mail_catcher import catching
from cli.runfile import RunFile, Running
from cli.servers import Servers
from cli.surroundings import mail_environment
from core.settings import Settings

HOST = "127.0.0.1"
READY_SECONDS = 60.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for; `began` is when the command was given, on the monotonic clock."""

    settings: Settings
    folder: Path
    port: int
    environment: dict[str, str]
    demo: bool
    began: float

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://{HOST}:{self.port}"


class Processes:
    """The processes of one run."""

    def __init__(self, plan: Plan, servers: Servers, held: RunFile) -> None:
        """Take the plan, the servers that run already, and the file that tells other commands."""
        self._plan = plan
        self._servers = servers
        self._held = held
        self._client = Client(HOST, plan.port)
        self._children: list[Child] = []
        self._ending = asyncio.Event()

    async def run(self) -> None:
        """Start, wait for a signal, stop; raises KeepsDying or EmbeddedError when it cannot go on."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._end)
        async with AsyncExitStack() as stack:
            environment = self._plan.environment
            if self._plan.settings.smtp_host is None:
                folder = self._plan.folder / "mail"
                port = await stack.enter_async_context(catching(folder, self._caught))
                environment = environment | mail_environment(folder, port)
            self._held.write(Running(os.getpid(), self._plan.address, environment))
            quiet = {} if "log_level" in self._plan.settings.model_fields_set else {"LOG_LEVEL": "WARNING"}
            words = {"api": ("api", "--host", HOST, "--port", str(self._plan.port)), "worker": ("worker",)}
            self._children = [Child(name, command, environment | quiet, say) for name, command in words.items()]
            await self._keep_running()

    async def _keep_running(self) -> None:
        running = [asyncio.create_task(child.run()) for child in self._children]
        looking = [asyncio.create_task(work) for work in (self._ending.wait(), self._servers.watch(), self._welcome())]
        try:
            waiting = {*running, *looking}
            while not self._ending.is_set():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in looking:
                task.cancel()
            await children.stop(self._children, running)
            await asyncio.gather(*looking, *running, return_exceptions=True)

    def _end(self) -> None:
        if self._ending.is_set():
            for child in self._children:
                child.kill()
        else:
            say("up", "stopping; once more to stop at once")
            self._ending.set()

    async def _welcome(self) -> None:
        await self._ready()
        first, last = banner.running(self._plan.address, time.monotonic() - self._plan.began, self._plan.folder)
        middle = await asyncio.to_thread(self._demo) if self._plan.demo else ""
        with suppress(OSError):
            typer.echo(first + middle + last)

    async def _ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            with suppress(OSError, Refused):
                await asyncio.to_thread(self._client.get, "/readyz")
                return
            await asyncio.sleep(LOOK_SECONDS)
        message = f"the API did not become ready within {READY_SECONDS:.0f} s; what it said is above"
        raise KeepsDying(message)

    def _demo(self) -> str:
        password, settings = demo_team.password(self._plan.folder), self._plan.settings
        vouched = settings.verifies_email or settings.registration != "open"
        try:
            at = demo_team.prepare(self._client, password, vouched=self._plan.environment if vouched else None)
        except (OSError, Refused) as error:
            return f"  There is no demo ({error}); register at {self._plan.address}/docs.\n"
        return banner.demo(self._plan.address, password, at)

    def _caught(self, to: str, subject: str) -> None:
        say("mail", f"{subject}, to {to}: {self._plan.address}/mail")


def say(who: str, line: str) -> None:
    """Print a line of a process; that nobody reads it any more stops nothing."""
    with suppress(OSError):
        typer.echo(f"{who:<6} | {line}")
