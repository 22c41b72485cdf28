"""Creating reminders: `POST /teams/{id}/reminders` by 32 connections, signed in, each under its own Idempotency-Key.

Beside it, in the same rounds, the naive way: ORM user, ORM insert, refresh, one deferred arq job, no idempotency.
Needs no network. `make bench NAME=create`.
"""

import argparse
import asyncio
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from benchmarks.common import naive_create
from benchmarks.common.load import Load, Outcome, post_all
from benchmarks.common.machine import heading, middle, quantile, table
from benchmarks.common.stage import Stage, open_stage

PASSWORD = "three wet socks on a line"
EMAIL = "ada@example.com"
UVICORN = ("--factory", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
# The product as operators start it; its command brings uvloop and httptools as well.
PRODUCT = ("-m", "cli.main", "api")
NAIVE = ("-m", "uvicorn", "benchmarks.common.naive_create:create_app", *UVICORN)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(stage: Stage, words: tuple[str, ...], path: str) -> Iterator[int]:
    """Serve an application by one process and give its port once it answers on a path."""
    port = free_port()
    log = words[2].partition(":")[0]
    with stage.process(*words, "--port", str(port), log=log):
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                break
        else:
            message = f"{log} did not start:\n{(stage.folder / f'{log}.log').read_text()[-2_000:]}"
            raise RuntimeError(message)
        yield port


def ask(port: int, path: str, content: bytes, kind: str) -> Any:
    """Post something to the product and return the answer's JSON."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1{path}", content, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def sign_in(port: int) -> str:
    """Sign in and return an access token."""
    form = urllib.parse.urlencode({"username": EMAIL, "password": PASSWORD}).encode()
    return str(ask(port, "/auth/token", form, "application/x-www-form-urlencoded")["access_token"])


async def _naive_user(stage: Stage) -> str:
    user_id = uuid4()
    conn = await stage.connect()
    await conn.execute("insert into naive_users values ($1, $2, true)", user_id, EMAIL)
    await conn.close()
    return naive_create.token(user_id)


def body() -> str:
    """Return a reminder for a day in the future."""
    at = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
    words = {"message": "Send the invoices", "notes": "Account 12345."}
    return json.dumps(words | {"schedule": {"kind": "once", "at": at.isoformat()}})


def measure(stage: Stage, count: int, connections: int, rounds: int) -> dict[str, list[Outcome]]:
    """Load both in turn, several times."""
    results: dict[str, list[Outcome]] = {"naive": [], "reminders": []}
    with served(stage, PRODUCT, "/readyz") as ours, served(stage, NAIVE, "/openapi.json") as theirs:
        account = json.dumps({"email": EMAIL, "name": "Ada", "password": PASSWORD}).encode()
        team = ask(ours, "/auth/register", account, "application/json")["personal_team_id"]
        naive_token = asyncio.run(_naive_user(stage))
        path = f"/api/v1/teams/{team}/reminders"
        for number in range(rounds + 1):
            loads = {
                "naive": Load(theirs, path, naive_token, body(), count, connections, idempotent=False),
                "reminders": Load(ours, path, sign_in(ours), body(), count, connections, idempotent=True),
            }
            for name, load in loads.items():
                # The first round warms up: statements are prepared, pools filled, pages written for the first time.
                outcome = post_all(load if number else load._replace(posts=count // 4))
                if number:
                    results[name].append(outcome)
    return results


def show(results: dict[str, list[Outcome]], connections: int) -> None:
    """Print the medians."""
    figures = {
        name: middle([(o.rate, quantile(o.seconds, 0.5) * 1e3, quantile(o.seconds, 0.99) * 1e3) for o in outcomes])
        for name, outcomes in results.items()
    }
    rows = [
        [name, f"{rate:.0f}", f"{rate / figures['naive'][0]:.2f}", f"{p50:.1f}", f"{p99:.1f}",
         " ".join(f"{outcome.rate:.0f}" for outcome in results[name])]
        for name, (rate, p50, p99) in figures.items()
    ]  # fmt: skip
    print(table([f"create, {connections} connections", "per s", "x naive", "p50 ms", "p99 ms", "rounds"], rows))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="make bench NAME=create", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=4_000, help="posts in a round")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(heading("fastapi", "uvicorn", "uvloop", "httptools", "sqlalchemy", "asyncpg", "arq"))
    with open_stage() as stage:
        show(measure(stage, chosen.count, chosen.connections, chosen.rounds), chosen.connections)


if __name__ == "__main__":
    main()
