"""What ended long ago is removed; what is open, waits or repeats stays, however old."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table

from core.ids import first_of
from core.work import begin
from crud import retention
from models import addresses, attempts, deliveries, occurrences, reminders
from tasks.tidy import tidy_up
from tests.crud.test_query_plans import touched
from tests.fixtures.rows import Rows

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=401)
RECENTLY = NOW - timedelta(days=399)
ENDED = ("closed", "acknowledged", "skipped", "expired", "cancelled")


NUMBERS = count()


def made_at(at: datetime) -> UUID:
    """Return an id of an instant."""
    return UUID(int=first_of(at).int + next(NUMBERS))


class Past:
    """A team whose past is written row by row."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    async def begin(self) -> "Past":
        """Add the team, its person and their address."""
        self.user_id = await self.rows.person()
        self.address_id = await self.rows.address(user_id=self.user_id)
        self.team_id = await self.rows.team(self.user_id)
        return self

    async def reminder(self, at: datetime, **values: Any) -> UUID:
        """Add a reminder of which nothing is to come, made and last changed at an instant."""
        given = {"id": made_at(at), "status": "completed", "next_run_at": None, "created_at": at, "updated_at": at}
        return await self.rows.reminder(self.team_id, self.user_id, **(given | values))

    async def occurrence(self, at: datetime, reminder_id: UUID | None = None, **values: Any) -> UUID:
        """Add an occurrence that ended at an instant."""
        reminder_id = reminder_id or await self.reminder(at)
        row = {"id": made_at(at), "reminder_id": reminder_id, "scheduled_for": at, "reminder_version": 1}
        given = row | {"status": "closed", "created_at": at, "updated_at": at} | values
        return await self.rows._insert(occurrences, team_id=self.team_id, **given)

    async def delivery(self, at: datetime, occurrence_id: UUID, status: str = "delivered") -> UUID:
        """Add a delivery with an attempt."""
        key = {"team_id": self.team_id, "id": made_at(at), "occurrence_id": occurrence_id, "channel": "email"}
        to = {"user_id": self.user_id, "address_id": self.address_id, "deliver_at": at, "give_up_at": at}
        lease = {"lease_token": made_at(at)} if status == "sending" else {}
        delivery_id = await self.rows._insert(deliveries, **key, **to, **lease, status=status)
        async with self.rows.db.begin() as conn:
            tried = {"n": 1, "outcome": "accepted", "started_at": at, "finished_at": at}
            await conn.execute(attempts.insert().values(team_id=self.team_id, delivery_id=delivery_id, **tried))
        return delivery_id

    async def forget(self, days: int = 400, limit: int = 100) -> int:
        """Remove what ended so many days ago."""
        async with begin(self.rows.db) as work:
            work.now = NOW
            return await retention.forget_old(
                work, self.rows.settings.model_copy(update={"retention_days": days}), limit
            )

    async def left(self, *tables: Table) -> list[int]:
        """Return how many rows tables have."""
        return [len(await self.rows.all(table)) for table in tables]


@pytest.fixture
async def past(rows: Rows) -> Past:
    """A team with nothing behind it yet."""
    return await Past(rows).begin()


async def test_what_ended_long_ago_goes_with_all_its_traces(past: Past) -> None:
    """Attempts, deliveries, occurrence and the reminder itself, of an old one; of a younger one nothing."""
    for at in (LONG_AGO, RECENTLY):
        await past.delivery(at, await past.occurrence(at))
    assert await past.forget() == 3
    assert await past.left(attempts, deliveries, occurrences, reminders) == [1, 1, 1, 1]
    assert await past.forget() == 0


async def test_every_kind_of_end_counts(past: Past) -> None:
    """Acknowledged, skipped, expired and cancelled ones go as those that were delivered."""
    for status in ENDED:
        await past.occurrence(LONG_AGO, status=status)
    for status in ("expired", "deleted"):
        await past.reminder(LONG_AGO, status=status, deleted_at=LONG_AGO)
    assert await past.forget() == 2 * len(ENDED) + 2
    assert await past.left(occurrences, reminders) == [0, 0]


@pytest.mark.parametrize("status", ["pending", "sending", "blocked", "quarantined"])
async def test_what_waits_stays_and_keeps_what_it_belongs_to(past: Past, status: str) -> None:
    """However old: something may still be sent, or a person has to decide."""
    occurrence_id = await past.occurrence(LONG_AGO)
    await past.delivery(LONG_AGO, occurrence_id, status)
    await past.forget()
    assert await past.left(deliveries, occurrences, reminders) == [1, 1, 1]


async def test_what_is_open_stays_with_its_deliveries(past: Past) -> None:
    """What nobody has acknowledged is not forgotten, and neither is who was told."""
    await past.delivery(LONG_AGO, await past.occurrence(LONG_AGO, status="open"))
    await past.occurrence(LONG_AGO, status="open")
    assert await past.forget() == 0
    assert await past.left(deliveries, occurrences, reminders) == [1, 2, 2]


async def test_what_repeats_pauses_or_was_touched_lately_stays(past: Past) -> None:
    """An old reminder that is active or paused, has lately fired, been edited or deleted, or has a recent past."""
    for values in (
        {"status": "active", "next_run_at": NOW.replace(microsecond=0) + timedelta(days=1)},
        {"status": "paused"},
        {"last_run_at": RECENTLY},
        {"updated_at": RECENTLY},
        {"status": "deleted", "deleted_at": RECENTLY},
    ):
        await past.reminder(LONG_AGO, **values)
    await past.occurrence(RECENTLY, await past.reminder(LONG_AGO))
    # Opened long ago, acknowledged lately.
    await past.occurrence(LONG_AGO, await past.reminder(LONG_AGO), updated_at=RECENTLY, status="acknowledged")
    assert await past.forget() == 0


async def test_the_value_of_an_address_removed_long_ago_goes(past: Past) -> None:
    """Its row stays, because deliveries refer to it, and says nothing any more."""
    for at in (LONG_AGO, RECENTLY):
        await past.rows.address(f"old{at.day}@example.com", user_id=past.user_id, deleted_at=at, label="Old")
    assert await past.forget() == 1
    found = {row.shown_value: row.label for row in await past.rows.all(addresses)}
    assert found == {"ada@example.com": None, "": None, f"old{RECENTLY.day}@example.com": "Old"}
    assert await past.forget() == 0


async def test_it_can_be_kept_for_ever_or_for_a_day(past: Past) -> None:
    """RETENTION_DAYS=0 removes nothing; 1 removes what ended before yesterday."""
    await past.occurrence(NOW - timedelta(days=2))
    assert await past.forget(days=0) == 0
    assert await past.forget(days=1) == 2


async def test_it_goes_in_small_steps_until_all_is_done(past: Past) -> None:
    """One step removes no more than it may of each; tidying goes on as long as a step was full."""
    for _ in range(5):
        await past.delivery(LONG_AGO, await past.occurrence(LONG_AGO))
    assert await past.forget(limit=2) == 6
    assert await past.left(deliveries, occurrences, reminders) == [3, 3, 3]
    assert await tidy_up(past.rows.db, past.rows.settings) == 9
    assert await tidy_up(past.rows.db, past.rows.settings) == 0


MANY = """
insert into occurrences (team_id, reminder_id, scheduled_for, reminder_version, status)
select team_id, id, now() + n * interval '1 second', 1, case when n % 2 = 0 then 'closed' else 'open' end
  from reminders, generate_series(1, 20000) n
"""
MORE = """
insert into deliveries (team_id, occurrence_id, channel, user_id, address_id, status, deliver_at, give_up_at)
select o.team_id, o.id, 'email', :user, :address, 'delivered', now(), now() from occurrences o
"""
ACTIVE = """
insert into reminders (team_id, created_by, message, schedule, next_run_at, id)
select :team, :user, 'filler', '{}', date_trunc('second', now()) + n * interval '1 minute',
       overlay(uuidv7()::text placing '0190' from 1 for 4)::uuid
  from generate_series(1, 20000) n
"""


async def test_looking_for_what_is_old_reads_index_edges(past: Past) -> None:
    """With twenty thousand of everything, young or still active, each question costs a handful of pages."""
    await past.reminder(RECENTLY)
    await past.rows.execute(MANY)
    await past.rows.execute(MORE, user=past.user_id, address=past.address_id)
    await past.rows.execute(ACTIVE, user=past.user_id, team=past.team_id)
    await past.rows.execute("analyze")
    before = datetime.now(UTC) - timedelta(days=400)
    for statement in (retention._DELIVERIES, retention._OCCURRENCES, retention._REMINDERS):
        assert await touched(past.rows, statement, (first_of(before), before, 5_000)) < 40, statement
    assert await touched(past.rows, retention._ADDRESSES, (before, 5_000)) < 10
