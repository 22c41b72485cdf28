"""Instants. Dueness is judged by PostgreSQL's clock; what stands here only does arithmetic on it."""

import time
from datetime import UTC, datetime, timedelta

SECOND = timedelta(seconds=1)


def ceil_second(at: datetime) -> datetime:
    """Round an instant up to a whole second, because every scheduled instant is one."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + SECOND


def to_utc(at: datetime) -> datetime:
    """Convert an aware date-time to UTC; a naive one is a programming error."""
    if at.tzinfo is None:
        message = "a naive date-time has no place here"
        raise TypeError(message)
    return at.astimezone(UTC)


def iso(at: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with `Z`."""
    return to_utc(at).isoformat().replace("+00:00", "Z")


def elapsed_seconds() -> float:
    """Return seconds from some instant that is the same for this whole process; only differences mean something.

    It also runs while the machine is suspended, where the system has such a clock (Linux); `time.monotonic` stands
    still then, and a lease that ran out meanwhile would look young.
    """
    return time.clock_gettime(_RUNNING_CLOCK) if _RUNNING_CLOCK is not None else time.monotonic()


_RUNNING_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", None)
