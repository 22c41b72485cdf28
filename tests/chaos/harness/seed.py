"""Many reminders at once, written directly."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.ids import uuid7
from models import reminders
from tests.chaos.harness.history import Expected
from tests.fixtures.rows import Rows, once_at

DESTINATIONS = 25


def in_seconds(seconds: int) -> datetime:
    """Return a whole second that is so far ahead, at least."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds + 1)


async def destinations(rows: Rows, number: int = DESTINATIONS) -> tuple[UUID, UUID, list[UUID]]:
    """Write a team whose Slack conversations, and every fifth time its mailboxes, are to be reached."""
    ada = await rows.person()
    team_id = await rows.team(ada)
    kinds = [("email", f"box{n}@example.com") if n % 5 == 0 else ("slack", f"C{n:010}") for n in range(number)]
    return team_id, ada, [await rows.address(value, kind, team_id=team_id) for kind, value in kinds]


async def one_shots(rows: Rows, due: Sequence[datetime], *, completion: str | None = None) -> list[Expected]:
    """Write one-shot reminders, each with a title of its own and one destination; return what they owe."""
    team_id, ada, addresses = await destinations(rows)
    titles = [f"Chaos {n:04}" for n in range(len(due))]
    written = [
        {
            "id": uuid7(),
            "team_id": team_id,
            "created_by": ada,
            "message": title,
            "completion": completion,
            "audience_kind": "addresses",
            "audience_address_ids": [addresses[n % len(addresses)]],
            "schedule": once_at(at),
            "next_run_at": at,
        }
        for n, (title, at) in enumerate(zip(titles, due, strict=True))
    ]
    async with rows.db.begin() as conn:
        await conn.execute(reminders.insert(), written)
    return [Expected(title, at.timestamp()) for title, at in zip(titles, due, strict=True)]
