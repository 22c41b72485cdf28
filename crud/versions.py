"""Versions: what a person has read must still be so when they change it."""

from collections.abc import Set as AbstractSet

from core.errors import Conflict


class VersionConflict(Conflict):
    """Somebody changed this in the meantime; read it again, then repeat the change."""

    code = "version_conflict"


Expected = AbstractSet[int] | None
"""The versions that a caller accepts (If-Match); None accepts any."""


def check(version: int, expected: Expected) -> None:
    """Raise VersionConflict unless the version of a locked row is one that the caller accepts."""
    if expected is not None and version not in expected:
        raise VersionConflict
