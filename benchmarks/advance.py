"""Advancing recurring reminders: a claim of 100,000 that are due, and how much of it is arithmetic.

Real rows, a durable PostgreSQL, 1,200 different schedules (cron, rrule, interval; five zones), each reminder to an
address of its own; nothing is sent. “planning” is what the same reminders cost in `schedules` alone. Needs no network.
`make bench NAME=advance ARGS="--count 20000"`.
"""

import argparse
import json
import time
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from benchmarks.common.loops import run
from benchmarks.common.machine import heading, middle, table
from benchmarks.common.reminder_rows import REMINDER_COLUMNS, TEAMS, make_addresses, make_teams, now
from benchmarks.common.stage import Stage, open_stage
from core import collector, logs
from core.db import open_engine
from core.ids import uuid7
from schedules import plan
from schedules.catch_up import firing
from tasks.wake import claim_all

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")
Due = tuple[dict[str, Any], datetime]


def schedules(at: datetime) -> list[Due]:
    """Return 1,200 stored schedules and the last instant of each that is not later than `at`."""
    start = (at - timedelta(days=400)).replace(tzinfo=None).isoformat()
    found = []
    for zone in ZONES:
        for minute in range(60):
            for spec in (
                {"kind": "cron", "expression": f"{minute} 9 * * *"},
                {"kind": "cron", "expression": f"{minute} 7-19 * * MON-FRI"},
                {"kind": "rrule", "rrule": f"FREQ=DAILY;BYHOUR=9;BYMINUTE={minute}", "starts_at": start},
                {"kind": "interval", "every": f"PT{minute + 60}M", "starts_at": f"{start}Z"},
            ):
                stored = plan.save({**spec, "timezone": zone}, now=at - timedelta(days=30), timezone=zone)
                last = plan.load(stored).latest(at - timedelta(days=8), at)
                if last:
                    found.append((stored, last.at))
    return found


async def _fill(conn: asyncpg.Connection, stage: Stage, count: int) -> list[Due]:
    teams = await make_teams(conn)
    addresses = await make_addresses(conn, stage.settings(), teams, count)
    kinds = schedules((await now(conn)).replace(microsecond=0))
    due = [kinds[number % len(kinds)] for number in range(count)]
    texts = [json.dumps(stored) for stored, _ in kinds]
    rows = []
    for number, (address_id, (_, at)) in enumerate(zip(addresses, due, strict=True)):
        team = teams[number % TEAMS]
        words = (f"Send invoice {number}", "Account 12345.")
        text = texts[number % len(kinds)]
        rows.append((uuid7(), team.id, team.owner, *words, text, "addresses", [address_id], None, at))
    await conn.copy_records_to_table("reminders", records=rows, columns=REMINDER_COLUMNS)
    await conn.execute("update reminders set max_lateness = interval '10 days'")
    await conn.execute("vacuum analyze users, teams, memberships, addresses, reminders")
    return due


async def claim(stage: Stage, count: int) -> tuple[float, float, float]:
    """Return the seconds of a claim of everything, those of planning alone, and how many were claimed."""
    conn = await stage.connect()
    due = await _fill(conn, stage, count)
    database = open_engine(stage.database_url, pool_size=2)
    began = time.perf_counter()
    claimed, _ = await claim_all(database, None)
    whole = time.perf_counter() - began
    at = await now(conn)
    began = time.perf_counter()
    for stored, last in due:
        firing(plan.load(stored), last, at, catch_up="latest", max_lateness=timedelta(days=10))
    planning = time.perf_counter() - began
    await database.dispose()
    await conn.close()
    return whole, planning, claimed


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="make bench NAME=advance", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000, help="how many reminders")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(heading("asyncpg", "sqlalchemy", "tzdata"))
    collector.calm()
    with open_stage() as stage:
        logs.configure(stage.settings(LOG_LEVEL="WARNING"))
        whole, planning, claimed = middle([run(claim(stage, chosen.count)) for _ in range(chosen.rounds)])
    row = [f"{claimed:,.0f}", f"{whole:.1f}", f"{claimed / whole:,.0f}", f"{planning:.2f}", f"{planning / whole:.0%}",
           f"{planning / claimed * 1e6:.1f}"]  # fmt: skip
    print(table(["claimed", "seconds", "per s", "planning s", "share", "µs each"], [row]))


if __name__ == "__main__":
    main()
