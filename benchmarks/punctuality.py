"""Punctuality: how late single reminders are on an idle system, and what the waiting worker costs.

Each reminder is due at a whole second, a few in each, in teams and to addresses of their own; once with Redis, once
without. Needs no network. `make bench NAME=punctuality`.
"""

import argparse
import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import asyncpg

from benchmarks.common.loops import run
from benchmarks.common.machine import heading, quantile, table
from benchmarks.common.reminder_rows import (
    arm,
    delivered,
    make_addresses,
    make_reminders,
    make_teams,
    now,
)
from benchmarks.common.sink import SinkClient, open_sink
from benchmarks.common.stage import WORKER, Stage, open_stage
from core.clock import ceil_second

ALONE = ("-m", "cli.main", "worker")
DUE = "select d.id::text, o.scheduled_for from deliveries d join occurrences o on o.id = d.occurrence_id"
START_SECONDS = 15.0
LEAD = timedelta(seconds=2)


class Figures(NamedTuple):
    """Lateness in seconds by the rows and at the sink, and the share of a core that the worker used."""

    rows: list[float]
    arrivals: list[float]
    idle: float
    busy: float


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used; NaN where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return float("nan")
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def _scheduled(conn: asyncpg.Connection, stage: Stage, count: int, per_second: int) -> None:
    teams = await make_teams(conn)
    addresses = await make_addresses(conn, stage.settings(), teams, count)
    start = ceil_second(await now(conn) + LEAD)
    instants = [start + timedelta(seconds=number // per_second) for number in range(count)]
    await make_reminders(conn, teams, addresses, instants)
    await arm(conn, stage.settings(), instants)


async def measure(stage: Stage, sink: SinkClient, chosen: argparse.Namespace, *, redis: bool) -> Figures:
    """Run a worker, leave it alone for a while, then let the reminders fall due."""
    conn = await stage.connect()
    await conn.execute("truncate workers")
    # Without Redis it is no production as the settings understand it.
    more = {} if redis else {"REDIS_URL": "", "ENVIRONMENT": "development"}
    words = WORKER if redis else ALONE
    with stage.process(*words, log="worker", SLACK_API_URL=sink.url, **more) as pid:
        async with asyncio.timeout(START_SECONDS):
            while not await conn.fetchval("select count(*) from workers"):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        before = cpu_seconds(pid)
        await asyncio.sleep(chosen.idle)
        idle = (cpu_seconds(pid) - before) / chosen.idle
        await _scheduled(conn, stage, chosen.count, chosen.per_second)
        seconds = chosen.count / chosen.per_second
        before = cpu_seconds(pid)
        await asyncio.sleep(seconds)
        lateness = await delivered(conn, chosen.count, within=30)
        busy = (cpu_seconds(pid) - before) / seconds
    due: dict[str, datetime] = dict(await conn.fetch(DUE))
    await conn.close()
    arrivals = [arrival.at - due[arrival.delivery_id].timestamp() for arrival in sink.take()]
    return Figures(lateness, arrivals, idle, busy)


def _row(name: str, figures: Figures) -> list[str]:
    cells = [f"{quantile(values, share) * 1e3:.0f}" for values in figures[:2] for share in (0.5, 0.99, 1)]
    return [name, *cells, f"{figures.idle:.1%}", f"{figures.busy:.1%}"]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="make bench NAME=punctuality", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="how many reminders")
    parser.add_argument("--per-second", type=int, default=5, help="how many fall due in each second")
    parser.add_argument("--idle", type=float, default=10, help="seconds over which the idle worker is watched")
    chosen = parser.parse_args()
    print(heading("arq", "asyncpg", "sqlalchemy", "slack-sdk", "aiohttp"))
    with open_stage() as stage, open_sink() as sink:
        rows = [
            _row("with Redis", run(measure(stage, sink, chosen, redis=True))),
            _row("without Redis", run(measure(stage, sink, chosen, redis=False))),
        ]
    head = [
        f"{chosen.count} single, ms late",
        *(f"{kind} {name}" for kind in ("rows", "sink") for name in ("p50", "p99", "most")),
    ]
    print(table([*head, "CPU idle", "CPU sending"], rows))


if __name__ == "__main__":
    main()
