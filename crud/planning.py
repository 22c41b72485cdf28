"""Planning beside the event loop: what can take long runs in a thread; what is quick does not pay for one."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from schedules import plan

# A rule may have to look through two centuries, a count is counted to its end, and the first holidays of a process
# import a package: each up to a fifth of a second in which nobody else would be served.
_SLOW: Final = ("count", "exclude", "include", "holidays")
# From so many reminders on, planning them takes longer than a thread takes to start on it.
_MANY = 20

T = TypeVar("T")


async def saved(
    spec: Mapping[str, Any], *, now: datetime, timezone: str, holiday_dates: list[str] | None
) -> dict[str, Any]:
    """Return the stored form of a schedule, as `plan.save` does. Raises ScheduleError."""
    save = partial(plan.save, spec, now=now, timezone=timezone, holiday_dates=holiday_dates)
    slow = spec["kind"] == "rrule" or any(spec.get(name) is not None for name in _SLOW)
    return await asyncio.to_thread(save) if slow else save()


async def beside(compute: Callable[[], T], size: int) -> T:
    """Return what a pure function computes of so many reminders, in a thread where they are many."""
    return compute() if size < _MANY else await asyncio.to_thread(compute)
