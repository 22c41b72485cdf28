"""A calendar that changes while a schedule takes it up: whoever comes second sees what the first one did."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from core.work import Work, begin
from crud import calendars, changes
from crud import reminders as verbs
from crud.access import Actor
from models import calendars as table
from models import reminders
from schemas.calendars import NamedDate
from schemas.reminders import ReminderCreate, ReminderUpdate
from tests.fixtures.rows import Rows
from tests.races.meeting import WAITS, Verb, commit, second_waits

EVE = "2098-12-24"


class Stage:
    """A team with a calendar, and the two that meet at it."""

    def __init__(self, rows: Rows, user_id: UUID, team_id: UUID, calendar_id: UUID) -> None:
        self.rows, self.user_id, self.team_id, self.calendar_id = rows, user_id, team_id, calendar_id
        fields = {"kind": "cron", "expression": "0 9 * * *", "timezone": "UTC", "on_holiday": "skip"}
        self.schedule = fields | {"holidays": f"calendar:{calendar_id}"}

    async def fill(self, work: Work) -> None:
        """Add a date to the calendar."""
        added = [NamedDate.model_validate({"date": EVE})]
        await calendars.add(work, Actor(self.user_id), self.team_id, self.calendar_id, added, versions=None)

    async def create(self, work: Work) -> None:
        """Create a reminder that heeds the calendar."""
        wanted = ReminderCreate.model_validate({"message": "x", "schedule": self.schedule})
        await verbs.create(work, Actor(self.user_id), self.team_id, wanted, own_zone=None)

    async def change(self, work: Work) -> None:
        """Let the reminder that is there heed the calendar."""
        reminder_id = (await work.conn.execute(select(reminders.c.id))).scalar_one()
        wanted = ReminderUpdate.model_validate({"schedule": self.schedule})
        await changes.change(work, Actor(self.user_id), reminder_id, wanted, versions=None, own_zone=None)

    async def dates(self) -> list[str]:
        """Return the dates that the one reminder heeds."""
        [row] = await self.rows.all(reminders)
        found: list[str] = row.schedule["holiday_dates"]
        return found


@pytest.fixture
async def stage(rows: Rows) -> Stage:
    """An empty calendar in a team of one."""
    user_id = await rows.person()
    team_id = await rows.team(user_id, role="owner")
    return Stage(rows, user_id, team_id, await rows._insert(table, team_id=team_id, name="Office"))


def in_order(verb: Verb, fill: Verb, *, calendar_first: bool) -> tuple[Verb, Verb]:
    """Return which of the two comes first."""
    return (fill, verb) if calendar_first else (verb, fill)


@pytest.mark.parametrize("calendar_first", [True, False])
async def test_a_creation_meets_a_new_date(stage: Stage, *, calendar_first: bool) -> None:
    """Whichever is first, the reminder has the date in the end."""
    await second_waits(stage.rows, *in_order(stage.create, stage.fill, calendar_first=calendar_first))
    assert await stage.dates() == [EVE]


@pytest.mark.parametrize("calendar_first", [True, False])
async def test_a_change_meets_a_new_date(stage: Stage, *, calendar_first: bool) -> None:
    """The same for a schedule that is changed, and neither waits for the other in a circle."""
    await stage.rows.reminder(stage.team_id, stage.user_id)
    await second_waits(stage.rows, *in_order(stage.change, stage.fill, calendar_first=calendar_first))
    assert await stage.dates() == [EVE]


async def test_a_reminder_that_heeds_it_already_closes_no_circle(stage: Stage) -> None:
    """Both want calendar and reminder then, and take them in the same order."""
    await commit(stage.rows, stage.create)
    stage.schedule |= {"on_holiday": "after"}
    async with begin(stage.rows.db) as work:
        await calendars.locked(work, Actor(stage.user_id), stage.team_id, stage.calendar_id)
        waiting = asyncio.create_task(commit(stage.rows, stage.change))
        await asyncio.wait({waiting}, timeout=WAITS)
        await stage.fill(work)
    await waiting
    assert await stage.dates() == [EVE]
