"""Channels: one file per way to reach somebody. A channel knows one provider and nothing about reminders.

Modules whose name begins with an underscore are parts of channels; they may import a provider's library,
so a channel imports them only when it is opened.
"""

from functools import lru_cache
from typing import cast

from channels.base import Channel
from core.plugs import load_plugs
from core.settings import Settings


@lru_cache(maxsize=1)
def registry() -> dict[str, type[Channel]]:
    """Return every channel class by its name, as found from the files of this package."""
    return cast("dict[str, type[Channel]]", load_plugs("channels", "CHANNEL"))


def open_channel(name: str, settings: Settings) -> Channel:
    """Return the named channel, to be entered with `async with`; KeyError if there is none.

    A channel whose settings are missing opens all the same: each send is then printed in development and
    refused with `Blocked(reason="not_configured")` in production.
    """
    return registry()[name](settings)
