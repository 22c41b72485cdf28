"""Many reminders at once lock in one order, so that nobody who holds one and wants another waits for ever."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from core.work import Work, begin
from crud import bulk, bulk_actions
from crud.access import Actor
from models import reminders
from schemas.bulk import BulkAction
from schemas.reminders import ReminderCreate
from tests.fixtures.rows import Rows, once_at
from tests.races.meeting import WAITS, Verb, commit

KEY = {"entity_type": "invoice_run", "event_type": "send"}
SCHEDULE = {"kind": "once", "at": "2100-01-01T00:00:00Z"}


async def crosses(rows: Rows, holds: Verb, wants: Verb, many: Verb) -> None:
    """Hold one thing, let `many` wait for it, then take another of which `many` must not hold yet."""
    async with begin(rows.db) as work:
        await holds(work)
        waiting = asyncio.create_task(commit(rows, many))
        done, _ = await asyncio.wait({waiting}, timeout=WAITS)
        assert not done, "it did not wait"
        async with asyncio.timeout(0.5):
            await wants(work)
    async with asyncio.timeout(5):
        await waiting


@pytest.mark.parametrize("order", ["12", "21"])
async def test_creating_takes_keys_in_their_order(rows: Rows, order: str) -> None:
    """Whoever has the first key and takes the second does not meet a bulk that has the second and wants the first."""
    person = await rows.person()
    team = await rows.team(person)

    def key(number: str) -> Verb:
        async def take(work: Work) -> None:
            row = {"message": "m", "schedule": once_at(work.now), "created_by": person, "team_id": team}
            await work.conn.execute(reminders.insert().values(row | KEY | {"entity_id": number}))

        return take

    async def many(work: Work) -> None:
        wanted = [ReminderCreate(message="m", schedule=SCHEDULE, **KEY, entity_id=number) for number in order]
        made = await bulk.create(work, Actor(person), team, wanted, own_zone=None)
        assert [each.replayed for each in made] == [True, True]

    await crosses(rows, key("1"), key("2"), many)


async def test_actions_take_reminders_in_the_order_of_their_ids(rows: Rows) -> None:
    """Whoever has the lower one and then takes the higher does not meet an action that was told them the other way."""
    person = await rows.person()
    team = await rows.team(person)
    higher, lower = sorted([await rows.reminder(team, person) for _ in range(2)], reverse=True)

    def lock(reminder_id: UUID) -> Verb:
        async def take(work: Work) -> None:
            await work.conn.execute(select(reminders.c.id).where(reminders.c.id == reminder_id).with_for_update())

        return take

    async def many(work: Work) -> None:
        await bulk_actions.perform(work, Actor(person), team, "pause", BulkAction(ids=[higher, lower]))

    await rows.execute("update reminders set created_at = now() where id = :id", id=lower)
    await crosses(rows, lock(lower), lock(higher), many)
    assert {row.status for row in await rows.all(reminders)} == {"paused"}
