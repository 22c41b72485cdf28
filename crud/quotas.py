"""Quotas: how many things a team or a person may have.

    await quotas.check(work, "addresses", team_id)

is called after adding, in the same transaction, which a refusal rolls back.
"""

from typing import Final
from uuid import UUID

from core.errors import Conflict
from core.quotas import Quota
from core.work import Work

_THERE: Final[dict[Quota, str]] = {
    "reminders": "reminders where team_id = $1 and status = 'active'",
    "members": "memberships where team_id = $1",
    "invitations": "invitations where team_id = $1 and status = 'pending' and expires_at > now()",
    "addresses": "addresses where (team_id = $1 or user_id = $1) and deleted_at is null",
    "calendars": "calendars where team_id = $1",
    "api_keys": "api_keys where team_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())",
    "teams": "memberships m join teams t on t.id = m.team_id"
    " where m.user_id = $1 and m.role = 'owner' and t.personal_of is null and t.deleted_at is null",
}
# No more is counted than tells whether it is too many.
_COUNT: Final = {
    quota: f"select count(*) as there from (select 1 from {where} limit $2) as found"  # noqa: S608  written above
    for quota, where in _THERE.items()
}
_ADVICE: Final[dict[Quota, tuple[str, str]]] = {
    "reminders": ("active reminders in a team", "delete or pause some"),
    "members": ("members in a team", "remove some"),
    "invitations": ("waiting invitations in a team", "take some back, or wait for their answers"),
    "addresses": ("addresses", "remove some"),
    "calendars": ("calendars in a team", "remove some"),
    "api_keys": ("API keys in a team", "revoke some"),
    "teams": ("teams of one owner", "delete some, or hand them to somebody else"),
}


class QuotaReached(Conflict):
    """There are as many of these as there may be; remove some, or ask the operator for more."""

    code = "quota_reached"

    def __init__(self, quota: Quota, limit: int) -> None:
        what, advice = _ADVICE[quota]
        name = f"QUOTA_{quota.upper()}"
        super().__init__(f"there may be {limit} {what} ({name}); {advice}, or ask the operator for a higher limit")


async def check(work: Work, quota: Quota, owner: UUID, added: int = 1) -> None:
    """Raise QuotaReached when a team (or person, for teams and addresses) has more than it may have.

    Call it after adding. Counts only where what is remembered does not tell; the machine's own work has no quotas.
    """
    quotas = work.quotas
    if quotas is None or quotas.surely_has_room(quota, owner, added, work.now.timestamp()):
        return
    limit = quotas.limits[quota]
    row = await work.one(_COUNT[quota], owner, limit + added)
    there = row["there"] if row else 0
    quotas.counted(quota, owner, there, work.now.timestamp())
    if there > limit:
        raise QuotaReached(quota, limit)
