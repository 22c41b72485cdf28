"""Quotas: how many things a team or a person may have, and what a process remembers of how many there are.

Counting ten thousand rows for each new one would be too slow, so a count is remembered for a minute, and what this
process adds is added to it. Nearer to the limit than `margin` everything is counted, and nothing is refused on
memory alone. Each process adds `margin` at most between two counts; so P of them overshoot by P - 1 margins at worst,
plus what they are just about to commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from core.settings import Settings

Quota = Literal["reminders", "members", "invitations", "addresses", "calendars", "api_keys", "teams"]
LASTS: Final = 60.0
"""Seconds for which a count is remembered."""
MOST: Final = 20_000
"""Counts that a process remembers."""


@dataclass(slots=True)
class _Count:
    there: int
    at: float
    added: int = 0


class Quotas:
    """The limits, and what this process knows of how near they are."""

    def __init__(self, limits: Mapping[Quota, int]) -> None:
        self.limits = limits
        self._counts: dict[tuple[Quota, UUID], _Count] = {}

    def margin(self, quota: Quota) -> int:
        """Return how near to the limit everything is counted."""
        return min(max(50, self.limits[quota] // 10), 1_000)

    def surely_has_room(self, quota: Quota, owner: UUID, added: int, clock: float) -> bool:
        """Add to what is remembered, and say whether that is enough to know; `clock` counts seconds."""
        known = self._counts.get((quota, owner))
        if known is None or clock - known.at > LASTS:
            return False
        known.added += added
        margin = self.margin(quota)
        return known.added <= margin and known.there + known.added <= self.limits[quota] - margin

    def counted(self, quota: Quota, owner: UUID, there: int, clock: float) -> None:
        """Remember a count, which includes what was just added."""
        self._counts.pop((quota, owner), None)
        if len(self._counts) >= MOST:
            del self._counts[next(iter(self._counts))]
        self._counts[quota, owner] = _Count(there, clock)


def of_settings(settings: Settings) -> Quotas:
    """Return the quotas that an operator has set."""
    return Quotas(
        {
            "reminders": settings.quota_reminders,
            "members": settings.quota_members,
            "invitations": settings.quota_invitations,
            "addresses": settings.quota_addresses,
            "calendars": settings.quota_calendars,
            "api_keys": settings.quota_api_keys,
            "teams": settings.quota_teams,
        }
    )
