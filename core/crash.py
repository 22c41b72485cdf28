"""Crash points: places where a test can make the process die. Inert unless CRASH_POINT names one."""

import os
import signal

POINTS = frozenset(
    {
        "claim:before_commit",
        "claim:after_commit",
        "send:before_connect",
        "send:after_accept",
        "result:before_commit",
        "result:after_commit",
        "hint:before_enqueue",
        "api:before_commit",
        "api:after_commit",
        "sweep:mid_batch",
        "recompute:mid_batch",
    }
)
# Read once: in production nothing can arm them.
_armed = None if os.environ.get("ENVIRONMENT") == "production" else os.environ.get("CRASH_POINT")
if _armed is not None and _armed not in POINTS:
    message = f"CRASH_POINT={_armed} is none of {', '.join(sorted(POINTS))}"
    raise SystemExit(message)


def crash_point(name: str) -> None:
    """Kill this process without any clean-up if the point is the armed one."""
    if _armed is not None and name == _armed:
        os.kill(os.getpid(), signal.SIGKILL)
