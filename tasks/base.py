"""The work as arq's jobs: names for everything that can be asked for, and the schedule of the sweep.

All retry state is in our rows, so a job never fails and is never tried again.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

import structlog
from arq.cron import CronJob, cron
from arq.worker import Function, func

from channels import registry
from core.logs import frames
from crud.letters import CHANNEL as LETTERS
from tasks.engine import Engine

if TYPE_CHECKING:
    from arq.typing import WorkerCoroutine

log = structlog.get_logger()


def _job(name: str, work: Callable[[Engine], Awaitable[None]]) -> "WorkerCoroutine":
    async def run(ctx: dict[str, Any]) -> None:
        try:
            await work(ctx["engine"])
        except Exception as error:  # noqa: BLE001  the sweep does it again; a failed job would only be lost
            log.warning("job.failed", job=name, error=type(error).__name__, at=frames(error))

    run.__qualname__ = run.__name__ = name
    return cast("WorkerCoroutine", run)


def _notifier(channel: str) -> Callable[[Engine], Awaitable[None]]:
    async def notify(engine: Engine) -> None:
        engine.hint(channel)

    return notify


def functions() -> list[Function]:
    """Return every job by its name: `wake`, and `notify_<channel>` for letters and each channel that was found."""
    jobs = {"wake": Engine.claim} | {f"notify_{channel}": _notifier(channel) for channel in (LETTERS, *registry())}
    return [func(_job(name, work), name=name, max_tries=1) for name, work in jobs.items()]


def cron_jobs(interval: int) -> list[CronJob]:
    """Return the cron of the sweep: every `interval` seconds of a minute (1 to 60)."""
    seconds = set(range(0, 60, interval))
    return [cron(_job("sweep", Engine.sweep), name="sweep", second=seconds, max_tries=1, unique=True)]
