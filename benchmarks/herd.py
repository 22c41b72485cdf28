"""A herd: reminders that are all due in the same second, from their rows to the answer of a Slack that says yes.

Beside it, in the same rounds, the bare loop (our Slack client on the same sink, no database) and the nearest
peer (arq with one deferred job per reminder, tuned). Needs no network. `make bench NAME=herd ARGS="--count 1000"`.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from benchmarks.common import arq_peer
from benchmarks.common.loops import run
from benchmarks.common.machine import heading, middle, quantile, table
from benchmarks.common.reminder_rows import delivered, make_teams, now, schedule_herd
from benchmarks.common.sink import SinkClient, open_sink
from benchmarks.common.stage import WORKER, Stage, open_stage
from channels import open_channel
from channels.base import Message
from core import collector
from core.clock import ceil_second

READY_SECONDS = 15.0
PEER = ("-m", "arq", "benchmarks.common.arq_peer.WorkerSettings")


class Figures(NamedTuple):
    """What one case came to; lateness in seconds, of the answers and of the arrivals at the sink."""

    rate: float
    p50: float
    p99: float
    last_arrival: float


class Ground(NamedTuple):
    """What every case stands on."""

    stage: Stage
    sink: SinkClient
    number: int

    @property
    def lead(self) -> float:
        """Seconds from writing the rows to the due second: enough for both on a slow machine."""
        return 3 + self.number / 2_000


def _figures(lateness: list[float], arrivals: list[float], due: datetime) -> Figures:
    last = max(arrivals) - due.timestamp()
    rate = len(lateness) / max(last, lateness[-1])
    return Figures(rate, quantile(lateness, 0.5), quantile(lateness, 0.99), last)


def _checked(ground: Ground) -> list[float]:
    arrivals = [arrival.at for arrival in ground.sink.take()]
    if len(arrivals) != ground.number:
        message = f"{len(arrivals)} posts arrived instead of {ground.number}"
        raise RuntimeError(message)
    return arrivals


async def product(ground: Ground, workers: int) -> Figures:
    """Let real workers send real rows."""
    stage = ground.stage
    settings = stage.settings()
    conn = await stage.connect()
    with ExitStack() as processes:
        # Before the workers start, because emptying tables locks all of them.
        teams = await make_teams(conn)
        for number in range(workers):
            processes.enter_context(stage.process(*WORKER, log=f"worker{number}", SLACK_API_URL=ground.sink.url))
        async with asyncio.timeout(READY_SECONDS):
            while await conn.fetchval("select count(*) from workers") < workers:
                await asyncio.sleep(0.1)
        due = await schedule_herd(conn, settings, teams, ground.number, ground.lead)
        lateness = await delivered(conn, ground.number, within=120)
    await conn.close()
    return _figures(lateness, _checked(ground), due)


async def peer(ground: Ground) -> Figures:
    """Let a tuned arq worker run one job per reminder."""
    conn = await ground.stage.connect()
    due = ceil_second(await now(conn) + timedelta(seconds=ground.lead + 2))
    await arq_peer.schedule(conn, ground.stage, ground.number, due)
    if await now(conn) + timedelta(seconds=2) > due:
        message = "writing the jobs took longer than the lead"
        raise RuntimeError(message)
    with ground.stage.process(*PEER, log="peer", SLACK_API_URL=ground.sink.url):
        async with asyncio.timeout(120):
            while await conn.fetchval(arq_peer.DONE) < ground.number:
                await asyncio.sleep(0.25)
        lateness = [row[0] for row in await conn.fetch(arq_peer.LATENESS)]
    await conn.close()
    return _figures(lateness, _checked(ground), due)


def _message(number: int, due: datetime) -> Message:
    return Message(
        delivery_id=f"00000000-0000-7000-8000-{number:012d}",
        title=f"Send invoice {number}",
        body="Account 12345.\nAsk Zoë for the reference if it is missing.",
        team="Accounting",
        due_at=due,
        due_local="Fri 27 Nov 2026, 16:00 (Europe/Berlin)",
    )


async def bare(ground: Ground) -> Figures:
    """Send as many messages with our client and as many lanes, and do nothing else."""
    numbers = iter(range(ground.number))
    lateness: list[float] = []
    settings = ground.stage.settings(SLACK_API_URL=ground.sink.url)
    async with open_channel("slack", settings) as slack:
        due = datetime.now(UTC)
        start = time.perf_counter()

        async def lane() -> None:
            for number in numbers:
                await slack.send(f"C{number:09d}", _message(number, due))
                lateness.append(time.perf_counter() - start)

        await asyncio.gather(*(lane() for _ in range(slack.lanes)))
    return _figures(lateness, _checked(ground), due)


def measure(stage: Stage, sink: SinkClient, count: int, workers: list[int], rounds: int) -> None:
    """Run the cases in turn, several times, and print the medians."""
    ground = Ground(stage, sink, count)
    cases: dict[str, Callable[[], Coroutine[None, None, Figures]]] = {
        "bare loop": partial(bare, ground),
        "arq, a job per reminder": partial(peer, ground),
    }
    for number in workers:
        cases[f"reminders, {number} worker{'s' * (number > 1)}"] = partial(product, ground, number)
    results: dict[str, list[Figures]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            results[name].append(run(case()))
    medians = {name: Figures(*middle(figures)) for name, figures in results.items()}
    loop, jobs = medians["bare loop"].rate, medians["arq, a job per reminder"].rate
    rows = [
        [name, f"{f.rate:.0f}", f"{f.rate / jobs:.2f}", f"{f.rate / loop:.2f}", f"{f.p50:.2f}", f"{f.p99:.2f}",
         f"{f.last_arrival:.2f}", " ".join(f"{one.rate:.0f}" for one in results[name])]
        for name, f in medians.items()
    ]  # fmt: skip
    head = [f"{count:,} in one second", "per s", "x arq", "x bare", "p50 s", "p99 s", "last s", "rounds"]
    print(table(head, rows), end="\n\n", flush=True)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="make bench NAME=herd", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, nargs="+", default=[1_000, 10_000], help="how many reminders")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="how many worker processes")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(heading("arq", "asyncpg", "sqlalchemy", "slack-sdk", "aiohttp"))
    # The bare loop is to have what our workers have.
    collector.calm()
    with open_stage() as stage, open_sink() as sink:
        for count in chosen.count:
            measure(stage, sink, count, chosen.workers, chosen.rounds)


if __name__ == "__main__":
    main()
