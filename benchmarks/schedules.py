"""What the next occurrence costs, per kind of schedule, beside plain dateutil, croniter and cronsim on the same rules.

`make bench NAME=schedules`. All figures are microseconds on one core, the best of five rounds. “next” asks a schedule
that is loaded, as a claim does; “load” finds a loaded one by its stored form; “first” takes the stored form, forgets
all that was worked out before, and asks for the next occurrence. Of the peers, “peer” asks an object that is ready and
“peer first” makes it from text, too. croniter and cronsim are stateful and are made anew for every question.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from timeit import Timer
from typing import Any

from cronsim import CronSim
from dateutil.rrule import rrulestr

from benchmarks.common.machine import heading, table
from schedules import plan, zones
from schedules.rules import cron, rrule
from schedules.schedule import Schedule

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"
OLD = "2006-11-20T09:00:00"
ROUNDS, BUDGET = 5, 0.02
CASES: list[tuple[str, dict[str, Any]]] = [
    ("once", {"kind": "once", "at": "2026-12-24T16:00"}),
    ("interval PT90M", {"kind": "interval", "every": "PT90M", "starts_at": f"{OLD}Z"}),
    ("cron 0 9 * * *", {"kind": "cron", "expression": "0 9 * * *"}),
    ("cron 0 9 * * 5L", {"kind": "cron", "expression": "0 9 * * 5L"}),
    ("cron 0 0 29 2 *", {"kind": "cron", "expression": "0 0 29 2 *"}),
    ("cron */5 * * * *", {"kind": "cron", "expression": "*/5 * * * *"}),
    (
        "cron 0 9 * * * (DE, after)",
        {"kind": "cron", "expression": "0 9 * * *", "holidays": "DE", "on_holiday": "after"},
    ),
    ("rrule daily", {"rrule": "FREQ=DAILY"}),
    ("rrule weekly", {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"}),
    ("rrule monthly", {"rrule": "FREQ=MONTHLY;BYDAY=-1FR"}),
    ("rrule monthly, workday", {"rrule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"}),
    ("rrule yearly", {"rrule": "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"}),
    ("rrule hourly", {"rrule": "FREQ=HOURLY;INTERVAL=3"}),
    ("rrule hourly, by hour", {"rrule": "FREQ=HOURLY;BYHOUR=9,12,15;BYDAY=MO,TU,WE,TH,FR"}),
    ("rrule weekly (DE, skip)", {"rrule": "FREQ=WEEKLY;BYDAY=FR", "holidays": "DE", "on_holiday": "skip"}),
]

Work = Callable[[], object]


def cost(work: Work) -> str:
    """Return the cost of a call in microseconds."""
    work()
    timer = Timer(work)
    once = max(timer.timeit(1), 1e-7)
    number = max(1, int(BUDGET / once))
    return f"{min(timer.repeat(ROUNDS, number)) / number * 1e6:.1f}"


def forget() -> None:
    """Drop what the rules have worked out."""
    for cached in (cron._fields, rrule._parts, rrule._calendar):
        cached.cache_clear()


def ours(spec: dict[str, Any]) -> Iterator[Work]:
    """Yield our own questions: loaded, to be loaded, and from scratch."""
    stored = plan.save(spec, now=NOW, timezone=ZONE)
    ready = plan.load(stored)

    def scratch() -> object:
        forget()
        return Schedule(stored).next(NOW)

    yield lambda: ready.next(NOW)
    yield lambda: plan.load(stored)
    yield scratch


def peers(spec: dict[str, Any]) -> Iterator[tuple[str, Work, Work]]:
    """Yield what others offer for the same rule: name, question to a ready object, question from text."""
    local = NOW.astimezone(zones.zone(ZONE))
    if spec["kind"] == "rrule":
        start = datetime.fromisoformat(OLD).replace(tzinfo=local.tzinfo)
        ready = rrulestr(spec["rrule"], dtstart=start)
        yield "dateutil", lambda: ready.after(local), lambda: rrulestr(spec["rrule"], dtstart=start).after(local)
    elif spec["kind"] == "cron":
        text = spec["expression"]
        yield "cronsim", lambda: next(CronSim(text, local)), lambda: next(CronSim(text, local))
        with suppress(ImportError):
            croniter = import_module("croniter").croniter
            asked = croniter(text.replace("5L", "L5"), local)
            yield (
                "croniter",
                lambda: asked.get_next(datetime, start_time=local),
                lambda: croniter(text.replace("5L", "L5"), local).get_next(datetime),
            )


def main() -> None:
    """Print the table."""
    rows = []
    for name, given in CASES:
        spec = {"timezone": ZONE, **({"kind": "rrule", "starts_at": OLD} if "rrule" in given else {}), **given}
        figures = [cost(work) for work in ours(spec)]
        others = [] if "holidays" in spec else list(peers(spec))
        for place, (peer, ready, first) in enumerate(others or [("", None, None)]):
            own = [name, *figures] if place == 0 else ["", "", "", ""]
            rows.append([*own, peer, *(cost(work) if work else "" for work in (ready, first))])
    try:
        croniter = f"croniter {version('croniter')}"
    except PackageNotFoundError:
        croniter = "croniter is not installed"
    print(f"{heading('cronsim', 'python-dateutil', 'holidays')}; {croniter}; zone data {zones.VERSION}")
    print(table(["µs", "next", "load", "first", "beside", "peer", "peer first"], rows))


if __name__ == "__main__":
    main()
