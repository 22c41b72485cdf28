"""The due queries stay on their partial indexes, however much waits for later or is done."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from core.work import Work
from crud import dispatch, fan_out, recipients, sweeps
from crud.claim_plan import columns
from crud.fan_out_local import WRITE_LOCAL_CLAIM
from crud.local_claim import LocalPlan
from tests.fixtures.rows import Rows

FILL = """
insert into reminders (team_id, created_by, message, schedule, status, next_run_at)
select team_id, created_by, 'filler', schedule, case when n % 2 = 0 then 'active' else 'completed' end,
       case when n % 2 = 0 then date_trunc('second', now()) + n * interval '1 minute' end
  from reminders, generate_series(1, 20000) n
"""
FILL_DELIVERIES = """
insert into deliveries (team_id, occurrence_id, channel, seq, user_id, address_id, status, deliver_at, give_up_at)
select team_id, occurrence_id, channel, n + 1, user_id, address_id,
       case when n % 2 = 0 then 'pending' else 'delivered' end,
       now() + n * interval '1 minute', now() + interval '7 days'
  from deliveries, generate_series(1, 20000) n
"""


async def touched(rows: Rows, statement: str, values: tuple[Any, ...]) -> int:
    """Run a statement and return how many pages it looked at."""
    async with rows.db.connect() as conn:
        found = await conn.exec_driver_sql(f"explain (analyze, buffers, format json) {statement}", values)
        plan = found.scalar_one()
        await conn.rollback()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])


@pytest.fixture
async def filled(rows: Rows) -> Rows:
    """Twenty thousand reminders and deliveries that are done or wait for later, and one that is due."""
    await rows.solo()
    await rows.claim()
    await rows.execute(FILL)
    await rows.execute(FILL_DELIVERIES)
    await rows.solo()
    await rows.execute("analyze")
    return rows


async def test_the_claim_reads_only_what_is_due(filled: Rows) -> None:
    """One due reminder among twenty thousand costs a handful of pages."""
    async with filled.db.connect() as conn:
        now = (await conn.exec_driver_sql("select now()")).scalar_one()
    assert await touched(filled, fan_out.LOCK_DUE, (now, 500)) < 60


async def test_the_probe_reads_index_edges(filled: Rows) -> None:
    """The question that is asked every second does not grow with what waits."""
    assert await touched(filled, sweeps._PROBE, (["email", "slack", "log"],)) < 60


MANY_LOCAL = """
with t as (insert into teams (name) select 'Small' from generate_series(1, :count) returning id),
 m as (insert into memberships (team_id, user_id, role) select t.id, u.id, 'member' from t, users u)
insert into reminders (team_id, created_by, message, schedule, next_run_at, next_local)
select t.id, :by, 'filler', cast(:schedule as jsonb), '2026-11-30 19:00Z', '2026-12-01 09:00' from t
"""


@pytest.mark.parametrize("count", [50, 400])
async def test_a_claim_on_everybodys_clock_does_not_loop_over_itself(rows: Rows, count: int) -> None:
    """Many reminders of one kind cost as many pages each as few of them do."""
    people = [await rows.person(timezone=zone) for zone in ("Pacific/Kiritimati", "Pacific/Honolulu")]
    for user_id in people:
        await rows.address(user_id=user_id)
    schedule = {"kind": "cron", "timezone": "recipient", "expression": "0 9 * * *", "starts_at": "2026-12-01T00:00:00"}
    await rows.execute(MANY_LOCAL, by=people[0], schedule=json.dumps(schedule), count=count)
    await rows.execute("analyze")
    now = datetime(2026, 11, 30, 19, tzinfo=UTC)
    async with rows.db.connect() as conn:
        locked = (await conn.exec_driver_sql(fan_out.LOCK_DUE, (now, 500))).all()
        planned = LocalPlan(await recipients.zones_of(Work(conn, now), locked), {})
        for row in locked:
            planned.add(row, now)
    statement = (*columns(planned.moves, 7), *columns(planned.fires, 6))
    assert await touched(rows, WRITE_LOCAL_CLAIM, statement) < 200 * count


async def test_leasing_skips_what_waits_for_later(filled: Rows) -> None:
    """Ten thousand deliveries that wait in one team do not slow the lease of the one that is due."""
    values = ("email", UUID(int=0), 64, UUID(int=1), dispatch.LEASE, [], [], 8)
    assert await touched(filled, dispatch._CLAIM, values) < 150
