"""Event loops: uvloop where there is one."""

import asyncio


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop, the fastest that is installed."""
    try:
        import uvloop  # noqa: PLC0415  absent on Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
