"""Channels: one file per way to reach somebody. A channel knows one provider and nothing about reminders."""

from functools import lru_cache
from typing import cast

from channels.base import Channel
from core.plugs import load_plugs


@lru_cache(maxsize=1)
def registry() -> dict[str, type[Channel]]:
    """Return every channel class by its name, as found from the files of this package."""
    return cast("dict[str, type[Channel]]", load_plugs("channels", "CHANNEL"))
