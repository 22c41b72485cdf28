"""Reminders by the thousand, written as rows: teams, an address for each reminder, and when all of it is due."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from core.clock import SECOND, ceil_second
from core.ids import uuid7
from core.queue import open_ringer
from core.sealing import keyed_hash, seal
from core.settings import Settings
from schedules import plan

TEAMS = 20
EMPTY = "truncate attempts, deliveries, occurrences, reminders, addresses, memberships, teams, users, workers cascade"
DONE = "select count(*) filter (where status = 'delivered') from deliveries"
LATENESS = """
select extract(epoch from d.delivered_at - o.scheduled_for)::float8
  from deliveries d join occurrences o on o.team_id = d.team_id and o.id = d.occurrence_id
 where d.status = 'delivered' order by d.delivered_at
"""
ADDRESS_COLUMNS = ("id", "team_id", "kind", "sealed_value", "value_hash", "shown_value", "verified_at")
REMINDER_COLUMNS = (
    "id", "team_id", "created_by", "message", "notes", "schedule", "audience_kind", "audience_address_ids",
    "completion", "next_run_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """A team and its only member, who gets nothing: the reminders go to addresses of the team."""

    id: UUID
    owner: UUID


async def now(conn: asyncpg.Connection) -> datetime:
    """Return PostgreSQL's clock."""
    at: datetime = await conn.fetchval("select clock_timestamp()")
    return at


async def make_teams(conn: asyncpg.Connection) -> list[Team]:
    """Empty the tables and write twenty teams."""
    await conn.execute(EMPTY)
    teams = [Team(uuid7(), uuid7()) for _ in range(TEAMS)]
    people = [(team.owner, f"{team.owner}@example.com", "Somebody", "none") for team in teams]
    await conn.copy_records_to_table("users", records=people, columns=["id", "email", "name", "password_hash"])
    named = [(team.id, "Accounting", "Europe/Berlin") for team in teams]
    await conn.copy_records_to_table("teams", records=named, columns=["id", "name", "timezone"])
    joined = [(team.id, team.owner, "owner") for team in teams]
    await conn.copy_records_to_table("memberships", records=joined, columns=["team_id", "user_id", "role"])
    return teams


async def make_addresses(conn: asyncpg.Connection, settings: Settings, teams: list[Team], count: int) -> list[UUID]:
    """Write so many Slack channels, sealed, dealt out to the teams in turn."""
    ids = [uuid7() for _ in range(count)]
    rows = []
    for number, address_id in enumerate(ids):
        value = f"C{number:09d}"
        sealed = seal(settings, value, where="addresses.sealed_value", row_id=address_id)
        digest = keyed_hash(settings, "address", f"slack:{value}")
        rows.append((address_id, teams[number % TEAMS].id, "slack", sealed, digest, value, datetime.now(UTC)))
    await conn.copy_records_to_table("addresses", records=rows, columns=ADDRESS_COLUMNS)
    return ids


async def make_reminders(
    conn: asyncpg.Connection, teams: list[Team], addresses: list[UUID], instants: list[datetime]
) -> None:
    """Write a reminder to each address, due at its instant, in one go."""
    plans = {at: json.dumps(plan.save(_once(at), now=at - SECOND, timezone="Europe/Berlin")) for at in set(instants)}
    rows = []
    for number, (address_id, at) in enumerate(zip(addresses, instants, strict=True)):
        team = teams[number % TEAMS]
        words = (f"Send invoice {number}", "Account 12345.\nAsk Zoë for the reference if it is missing.")
        rows.append((uuid7(), team.id, team.owner, *words, plans[at], "addresses", [address_id], "any", at))
    await conn.copy_records_to_table("reminders", records=rows, columns=REMINDER_COLUMNS)


def _once(at: datetime) -> dict[str, str]:
    return {"kind": "once", "at": at.isoformat()}


async def schedule_herd(
    conn: asyncpg.Connection, settings: Settings, teams: list[Team], count: int, lead: float
) -> datetime:
    """Write reminders that are all due in one second, about `lead` seconds ahead, and return it."""
    addresses = await make_addresses(conn, settings, teams, count)
    at = ceil_second(await now(conn) + timedelta(seconds=lead))
    await make_reminders(conn, teams, addresses, [at] * count)
    # What autovacuum would have done long before, in an installation that has been running for a day.
    await conn.execute("vacuum analyze users, teams, memberships, addresses, reminders")
    await arm(conn, settings, [at])
    if await now(conn) >= at:
        message = "writing the rows took longer than the lead"
        raise RuntimeError(message)
    return at


async def arm(conn: asyncpg.Connection, settings: Settings, instants: list[datetime]) -> None:
    """Set the alarms of the instants, as creating the reminders one by one would have."""
    ringer = open_ringer(settings.redis_url)
    await ringer.arm(instants, await now(conn))
    await ringer.close()


async def delivered(conn: asyncpg.Connection, count: int, *, within: float) -> list[float]:
    """Wait until so many deliveries are written as delivered, and return their lateness in seconds, in order."""
    async with asyncio.timeout(within):
        while await conn.fetchval(DONE) < count:
            await asyncio.sleep(0.25)
    return [row[0] for row in await conn.fetch(LATENESS)]
