"""A changed calendar reaches all its reminders by as many statements as one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from core.work import Work, begin
from crud import calendars, replans
from crud.access import Actor
from models import calendars as table
from models import reminders
from schemas.calendars import NamedDate
from tests.crud.test_query_plans import touched
from tests.fixtures.rows import DUE, Rows

TOMORROW = DUE + timedelta(days=1)
FILL = """
insert into reminders (team_id, created_by, message, schedule, next_run_at)
select team_id, created_by, 'filler', schedule - $1::text, next_run_at from reminders, generate_series(1, $2::int)
"""


def heeding(calendar_id: UUID) -> dict[str, Any]:
    """Return a stored schedule every day at nine, but not on the dates of a calendar that is empty."""
    named = {"holidays": f"calendar:{calendar_id}", "on_holiday": "skip", "holiday_dates": []}
    return {"kind": "cron", "timezone": "UTC", "expression": "0 9 * * *", "starts_at": "2026-01-01T00:00:00Z"} | named


@pytest.fixture
async def ids(rows: Rows) -> tuple[UUID, UUID, UUID]:
    """A person, their team and its calendar, which one reminder heeds."""
    user_id = await rows.person()
    team_id = await rows.team(user_id, role="owner")
    calendar_id = await rows._insert(table, team_id=team_id, name="Office")
    await rows.reminder(team_id, user_id, schedule=heeding(calendar_id), next_run_at=TOMORROW)
    return user_id, team_id, calendar_id


async def add(rows: Rows, ids: tuple[UUID, UUID, UUID], day: date) -> Work:
    """Add a date, commit, and return what was asked for."""
    async with begin(rows.db) as work:
        work.now = DUE
        await calendars.add(work, Actor(ids[0]), *ids[1:], [NamedDate(date=day)], versions=None)
    return work


@contextmanager
def counted(rows: Rows) -> Iterator[list[str]]:
    """Collect the statements that are sent."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    event.listen(rows.db.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(rows.db.sync_engine, "before_cursor_execute", note)


async def test_alarms_are_asked_for(rows: Rows, ids: tuple[UUID, UUID, UUID]) -> None:
    """Where the next run has moved, there is an alarm at its new second, and the dates are in the schedule."""
    work = await add(rows, ids, TOMORROW.date())
    assert work.alarms == {TOMORROW + timedelta(days=1)}
    [reminder] = await rows.all(reminders)
    assert (reminder.next_run_at, reminder.schedule["holiday_dates"]) == (*work.alarms, ["2026-11-03"])


async def test_many_cost_as_many_statements_as_one(rows: Rows, ids: tuple[UUID, UUID, UUID]) -> None:
    """Five hundred reminders move with the same statements as the first."""
    with counted(rows) as for_one:
        await add(rows, ids, TOMORROW.date())
    async with rows.db.begin() as conn:
        await conn.exec_driver_sql(FILL, ("nothing", 499))
    with counted(rows) as for_many:
        await add(rows, ids, TOMORROW.date() + timedelta(days=1))
    assert len(for_many) == len(for_one) < 10
    moved = {row.next_run_at for row in await rows.all(reminders)}
    assert moved == {datetime(2026, 11, 5, 9, tzinfo=UTC)}


async def test_finding_them_reads_no_others(rows: Rows, ids: tuple[UUID, UUID, UUID]) -> None:
    """One reminder that heeds a calendar is found among ten thousand of its team by a few pages."""
    async with rows.db.begin() as conn:
        await conn.exec_driver_sql(FILL, ("holidays", 10_000))
    await rows.execute("analyze")
    assert await touched(rows, replans._READ, replans._key(ids[1], ids[2])) < 20
