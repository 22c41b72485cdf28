"""What the guards cost: creating and listing reminders by 32 connections, signed in, with an API key, and bare.

Guarded means token or key, session, membership, rate limit, quota, audit log and, for creating, an Idempotency-Key;
bare is the same schemas around one statement. Needs no network. `make bench NAME=guards`.
"""

import argparse
import json
import urllib.request

from benchmarks.common.load import Load, Outcome, post_all
from benchmarks.common.machine import heading, middle, quantile, table
from benchmarks.common.stage import Stage, open_stage
from benchmarks.create import EMAIL, PASSWORD, PRODUCT, UVICORN, ask, body, served, sign_in

BARE = ("-m", "uvicorn", "benchmarks.common.bare_reminders:create_app", *UVICORN)
PAGE = 20
Ports = tuple[int, int]
Results = dict[tuple[str, str], list[Outcome]]


def _api_key(port: int, team: str) -> str:
    content = json.dumps({"name": "benchmark", "scope": "write"}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {sign_in(port)}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/teams/{team}/api-keys", content, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["key"])


def _loads(ports: Ports, team: str, key: str, count: int, connections: int) -> dict[tuple[str, str], Load]:
    """Return what is asked in a round; the token is new, because it lives ten minutes."""
    ours, bare = ports
    path = f"/api/v1/teams/{team}/reminders"
    loads = {}
    for name, port, token in (("bare", bare, "none"), ("signed in", ours, sign_in(ours)), ("API key", ours, key)):
        create = Load(port, path, token, body(), count, connections, idempotent=port == ours)
        where = "/api/v1/reminders" if port == ours else path
        lists = create._replace(path=f"{where}?limit={PAGE}", body="", idempotent=False, method="GET")
        loads["create", name] = create
        loads["list", name] = lists
    return loads


def measure(stage: Stage, count: int, connections: int, rounds: int) -> Results:
    """Load all in turn, several times; the first round warms up."""
    results: Results = {}
    with served(stage, PRODUCT, "/readyz") as ours, served(stage, BARE, "/openapi.json") as bare:
        account = json.dumps({"email": EMAIL, "name": "Ada", "password": PASSWORD}).encode()
        team = ask(ours, "/auth/register", account, "application/json")["personal_team_id"]
        key = _api_key(ours, team)
        for number in range(rounds + 1):
            for name, load in _loads((ours, bare), team, key, count, connections).items():
                outcome = post_all(load if number else load._replace(posts=count // 4))
                if number:
                    results.setdefault(name, []).append(outcome)
    return results


def show(results: Results, connections: int) -> None:
    """Print the medians."""
    figures = {
        name: middle([(o.rate, quantile(o.seconds, 0.5) * 1e3, quantile(o.seconds, 0.99) * 1e3) for o in outcomes])
        for name, outcomes in results.items()
    }
    rows = [
        [what, who, f"{rate:.0f}", f"{rate / figures[what, 'bare'][0]:.2f}", f"{p50:.1f}", f"{p99:.1f}",
         " ".join(f"{outcome.rate:.0f}" for outcome in results[what, who])]
        for (what, who), (rate, p50, p99) in sorted(figures.items())
    ]  # fmt: skip
    print(table([f"{connections} connections", "", "per s", "x bare", "p50 ms", "p99 ms", "rounds"], rows))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="make bench NAME=guards", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3_000, help="requests of a kind in a round")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(heading("fastapi", "uvicorn", "uvloop", "httptools", "sqlalchemy", "asyncpg"))
    with open_stage() as stage:
        show(measure(stage, chosen.count, chosen.connections, chosen.rounds), chosen.connections)


if __name__ == "__main__":
    main()
