"""Quotas over rows: what is counted, what is remembered, and how far several may overshoot."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.quotas import LASTS, Quotas
from core.work import begin
from crud import quotas
from crud.quotas import QuotaReached
from tests.fixtures.rows import Rows

NOW = datetime(2026, 11, 2, tzinfo=UTC)
LIMIT = 100
MADE = """
insert into reminders (team_id, created_by, message, schedule)
select :team, user_id, 'x', '{}' from memberships
"""


async def fill(rows: Rows, team_id: UUID, number: int) -> None:
    """Add reminders behind the application's back."""
    await rows.execute(f"{MADE}, generate_series(1, :number)", team=team_id, number=number)


async def check(rows: Rows, known: Quotas, team_id: UUID, added: int = 1, at: datetime = NOW) -> None:
    """Check as a request does that has added some."""
    async with begin(rows.db) as work:
        work.quotas, work.now = known, at
        await quotas.check(work, "reminders", team_id, added)


async def test_a_count_serves_for_a_minute(rows: Rows) -> None:
    """Far from the limit others are noticed when the count has grown old, and refused then."""
    team_id, known = await rows.team(await rows.person()), Quotas({"reminders": LIMIT})
    await check(rows, known, team_id)
    await fill(rows, team_id, LIMIT + 1)
    await check(rows, known, team_id, at=NOW + timedelta(seconds=LASTS))
    with pytest.raises(QuotaReached, match="100 active reminders"):
        await check(rows, known, team_id, at=NOW + timedelta(seconds=LASTS + 1))


async def test_nothing_is_refused_on_memory_alone(rows: Rows) -> None:
    """What a process remembers may be too much, after refusals and deletions; then it counts."""
    team_id, known = await rows.team(await rows.person()), Quotas({"reminders": LIMIT})
    for _ in range(3 * LIMIT):
        await check(rows, known, team_id)


async def test_many_at_once_count_as_many(rows: Rows) -> None:
    """All that were added together are in the count, and one too many is too many."""
    team_id, known = await rows.team(await rows.person()), Quotas({"reminders": LIMIT})
    await fill(rows, team_id, LIMIT)
    await check(rows, known, team_id, added=60)
    await fill(rows, team_id, 1)
    with pytest.raises(QuotaReached):
        await check(rows, known, team_id, added=60)


async def test_processes_overshoot_by_a_margin_at_most(rows: Rows) -> None:
    """Three that know nothing of each other stop a margin each, but one, above the limit."""
    team_id = await rows.team(await rows.person())
    processes, there = [Quotas({"reminders": LIMIT}) for _ in range(3)], 0
    for known in processes:
        await check(rows, known, team_id, added=0)
    for known in processes * LIMIT:
        async with begin(rows.db) as work:
            work.quotas, work.now = known, NOW
            await work.conn.exec_driver_sql(MADE.replace(":team", "$1"), (team_id,))
            try:
                await quotas.check(work, "reminders", team_id)
            except QuotaReached:
                await work.conn.rollback()
                break
        there += 1
    assert LIMIT <= there <= LIMIT + 2 * processes[0].margin("reminders")


async def test_the_machine_has_no_quotas(rows: Rows) -> None:
    """What is done without a request is counted by nobody."""
    team_id = await rows.team(await rows.person())
    async with begin(rows.db) as work:
        await quotas.check(work, "reminders", team_id, 10**9)
