"""Kinds of letters: one file each, found by its name. A kind composes; it sends nothing."""

from functools import lru_cache
from typing import cast

from core.plugs import load_plugs
from tasks.letter_kinds.base import Kind


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return every kind of letter by its name, as found from the files of this package."""
    return cast("dict[str, Kind]", load_plugs("tasks.letter_kinds", "KIND"))
