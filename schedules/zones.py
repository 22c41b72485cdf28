"""Time zones from the `tzdata` package of a stated version, never from whatever the host has."""

from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module, resources
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo


class UnknownZone(ValueError):
    """There is no such time zone."""


class NoZoneData(RuntimeError):
    """The zone data are not installed; nothing starts without them."""


def _version() -> str:
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except ImportError as error:
        message = "the package tzdata is not installed (pip install tzdata); the host's own zone data are never used"
        raise NoZoneData(message) from error


VERSION: Final = _version()
"""The version of the zone data, such as `2026f`; plans are computed anew when it changes."""


@cache
def names() -> frozenset[str]:
    """Return every zone that may be chosen.

    `Factory` means “nobody has set this machine's zone” and is none. Folders (`America`) and the host's own
    (`localtime`, `posixrules`) are not in the package's list.
    """
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="ascii")
    return frozenset(listed.split()) - {"Factory"}


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; raises UnknownZone with the nearest names.

    `ZoneInfo(name)` would search the host first, and raises odd errors for folders, hence the list and the file.
    """
    if name not in names():
        raise UnknownZone(_advice(name))
    return read(name, rules(name))


def rules(name: str) -> bytes:
    """Return the rules of a listed zone as the package has them (TZif, RFC 9636)."""
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def read(name: str, kept: bytes) -> ZoneInfo:
    """Return the zone that some rules describe, such as those of an earlier version; raises ValueError."""
    return ZoneInfo.from_file(BytesIO(kept), key=name)


def _advice(name: str) -> str:
    by_lower = {known.lower(): known for known in names()}
    wanted = name.strip()[:64].lower().replace(" ", "_")
    near = [wanted] if wanted in by_lower else get_close_matches(wanted, by_lower, n=2, cutoff=0.75)
    hint = " or ".join(by_lower[match] for match in near) or "an IANA name such as Europe/Berlin or UTC"
    return f"there is no such time zone; try {hint}"
