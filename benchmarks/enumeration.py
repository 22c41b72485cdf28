"""Whether the time of a refused sign-in tells who has an account: known and unknown addresses, asked in turn.

Every answer must be the same 401. Prints the medians and, for each kind beside the unknown ones, a rank test
(Mann-Whitney, normal approximation): `p` is how often chance alone gives a difference as great as this one.
"""

import argparse
import asyncio
import http.client
import random
import statistics
import time
import urllib.parse
from collections.abc import Sequence
from math import erfc, sqrt

from benchmarks.common.machine import heading, quantile, table
from benchmarks.common.stage import Stage, open_stage
from benchmarks.create import PRODUCT, served
from core import passwords

RIGHT, WRONG = "three wet socks on a line", "wrong horse on a line"
PEOPLE = 50
# What is asked for, and with which password: of the deactivated even the right one.
KINDS = {"unknown": WRONG, "known": WRONG, "unverified": WRONG, "deactivated": RIGHT}
_ADD = """
insert into users (email, name, password_hash, status, email_verified_at)
select $1 || n || '@example.com', 'x', $2, $3, case when $1 <> 'unverified' then now() end
  from generate_series(0, $4::int - 1) as n
"""


class BehindProxy(Stage):
    """A stage whose API lets the benchmark say from where it asks."""

    def environment(self, **more: str) -> dict[str, str]:
        """Return the settings, with a proxy that is trusted and no limit on requests in general."""
        return super().environment(TRUSTED_PROXIES='["127.0.0.0/8"]', RATE_LIMIT_ANONYMOUS="1000000000", **more)


async def people(stage: Stage) -> None:
    """Add the accounts."""
    stored = await passwords.hashed(RIGHT)
    conn = await stage.connect()
    for kind in KINDS:
        status = "deactivated" if kind == "deactivated" else "active"
        if kind != "unknown":
            await conn.execute(_ADD, kind, stored, status, PEOPLE)
    await conn.execute("analyze users")
    await conn.close()


async def calm(stage: Stage) -> None:
    """Forget all failures; what is measured is what is tried, not what is slowed down."""
    conn = await stage.connect()
    await conn.execute("delete from limits")
    await conn.close()


def attempt(connection: http.client.HTTPConnection, kind: str, number: int) -> tuple[float, str]:
    """Sign in once, each time from another address; return the seconds and all of the answer that is not random."""
    form = {"username": f"{kind}{number % PEOPLE}@example.com", "password": KINDS[kind]}
    address = f"198.{random.randrange(18, 20)}.{random.randrange(256)}.{random.randrange(256)}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address}
    began = time.perf_counter()
    connection.request("POST", "/api/v1/auth/token", urllib.parse.urlencode(form), headers)
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - began
    own = {"x-request-id", "date", "ratelimit-remaining", "ratelimit-reset"}
    shown = sorted((name, value) for name, value in answer.getheaders() if name.lower() not in own)
    return took, f"{answer.status} {shown} {body!r}"


def measure(stage: Stage, count: int) -> tuple[dict[str, list[float]], set[str]]:
    """Ask for all kinds in random order, `count` times each; return the seconds of each kind, and the answers."""
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    answers: set[str] = set()
    with served(stage, PRODUCT, "/readyz") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(-5, count):
            if number % 25 == 0:
                asyncio.run(calm(stage))
            for kind in random.sample(list(KINDS), len(KINDS)):
                took, answer = attempt(connection, kind, number)
                answers.add(answer)
                # The first ones warm up.
                if number >= 0:
                    seconds[kind].append(took)
    return seconds, answers


def chance(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Return how often one is slower than the other (0.5: as often as not), and `p` of a rank test."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    above = ranks - n * (n + 1) / 2
    z = (above - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    return above / (n * m), erfc(abs(z) / sqrt(2))


def show(seconds: dict[str, list[float]]) -> None:
    """Print medians and rank tests."""
    rows = []
    for kind, values in seconds.items():
        slower, p = chance(values, seconds["unknown"])
        milliseconds = [f"{quantile(values, share) * 1e3:.2f}" for share in (0.1, 0.5, 0.9)]
        test = ["", ""] if kind == "unknown" else [f"{slower:.3f}", f"{p:.2f}"]
        rows.append([kind, str(len(values)), *milliseconds, f"{statistics.fmean(values) * 1e3:.2f}", *test])
    print(table(["401, one at a time", "n", "p10 ms", "median ms", "p90 ms", "mean ms", "slower", "p"], rows))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="make bench NAME=enumeration", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="attempts of each kind")
    chosen = parser.parse_args()
    print(heading("fastapi", "uvicorn", "sqlalchemy", "asyncpg", "argon2-cffi"))
    with open_stage() as servers:
        stage = BehindProxy(servers.folder, servers.database_url, servers.redis_url)
        asyncio.run(people(stage))
        seconds, answers = measure(stage, chosen.count)
    show(seconds)
    print(f"different answers: {len(answers)}")
    for answer in answers if len(answers) > 1 else ():
        print(answer)


if __name__ == "__main__":
    main()
