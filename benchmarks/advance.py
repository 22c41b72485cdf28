"""What the next occurrence of a loaded schedule costs, per kind; started by `make bench NAME=advance`."""

import platform
from datetime import UTC, datetime
from statistics import median
from timeit import repeat

from cronsim import CronSim

from schedules import plan, zones

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
ROUNDS, TIMES = 5, 2_000
CASES: list[tuple[str, datetime, dict[str, object]]] = [
    ("once", NOW, {"kind": "once", "at": "2026-12-24T16:00", "timezone": "Europe/Berlin"}),
    ("interval PT90M", NOW, {"kind": "interval", "every": "PT90M"}),
    ("cron 0 9 * * *", NOW, {"kind": "cron", "expression": "0 9 * * *"}),
    ("cron 0 9 * * 5L", NOW, {"kind": "cron", "expression": "0 9 * * 5L"}),
    ("cron 0 0 29 2 *", NOW, {"kind": "cron", "expression": "0 0 29 2 *"}),
    ("cron */5 * * * *", NOW, {"kind": "cron", "expression": "*/5 * * * *"}),
    ("cron */5 * * * * (fold)", AUTUMN, {"kind": "cron", "expression": "*/5 * * * *"}),
]


def cost(work: object) -> float:
    """Return the median cost of a call in microseconds."""
    if not callable(work):
        raise TypeError
    return median(repeat(work, number=TIMES, repeat=ROUNDS)) / TIMES * 1e6


def main() -> None:
    """Print the table."""
    print(f"Python {platform.python_version()}, {platform.machine()}, zone data {zones.VERSION}; µs, median of 5")
    print(f"{'schedule':26} {'next':>8} {'load':>8} {'save':>8}")
    for name, at, spec in CASES:
        stored = plan.save(spec, now=at, timezone="Europe/Berlin")
        schedule = plan.load(stored)
        figures = (
            cost(lambda schedule=schedule, at=at: schedule.next(at)),
            cost(lambda stored=stored: plan.load(stored)),
            cost(lambda spec=spec, at=at: plan.save(spec, now=at, timezone="Europe/Berlin")),
        )
        print(f"{name:26} " + " ".join(f"{figure:8.2f}" for figure in figures))
    local = NOW.astimezone(zones.zone("Europe/Berlin"))
    print(f"{'cronsim 0 9 * * * (peer)':26} {cost(lambda: next(CronSim('0 9 * * *', local))):8.2f}")


if __name__ == "__main__":
    main()
