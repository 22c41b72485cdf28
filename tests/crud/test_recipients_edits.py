"""Edits on everybody's own clock: what some still have before them is neither lost nor sent twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.work import begin
from crud import changes, lifecycle, sweeps
from crud.access import Actor
from models import deliveries, occurrences, reminders
from schemas.reminders import ReminderUpdate
from tests.crud.test_recipients import EAST, NINE, WEST, at_nine, everybody
from tests.fixtures.rows import Rows

BERLIN = "Europe/Berlin"
# Nine has passed in Berlin, and comes in Honolulu.
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


async def edit(rows: Rows, reminder_id: UUID, now: datetime, **body: Any) -> Any:
    """Change a reminder as its creator."""
    row = await rows.one(reminders, reminder_id)
    wanted = ReminderUpdate.model_validate(body)
    async with begin(rows.db) as work:
        work.now = now
        await changes.change(work, Actor(row.created_by), reminder_id, wanted, versions=None, own_zone=BERLIN)
    return await rows.one(reminders, reminder_id)


def at(hour: int, days: str = "*") -> dict[str, Any]:
    """Return a schedule for that hour of everybody."""
    return {"kind": "cron", "expression": f"0 {hour} * * {days}", "timezone": "recipient"}


async def states(rows: Rows) -> dict[tuple[UUID, datetime], tuple[datetime | None, str]]:
    """Return instant and state by person and local time."""
    local = {row.id: row.scheduled_local for row in await rows.all(occurrences)}
    return {(row.user_id, local[row.occurrence_id]): (row.due_at, row.status) for row in await rows.all(deliveries)}


async def fired(rows: Rows) -> tuple[UUID, UUID, UUID]:
    """Open the first of December, sent in Berlin and waiting in Honolulu; return both people and the reminder."""
    _, people, reminder_id = await everybody(rows, BERLIN, WEST)
    await rows.claim(at_nine(BERLIN))
    await rows.execute("update deliveries set status = 'delivered' where user_id = :id", id=people[BERLIN])
    return people[BERLIN], people[WEST], reminder_id


async def test_another_hour_holds_today_for_whom_it_still_comes(rows: Rows) -> None:
    """Moved to ten at noon in Berlin: Honolulu has it today at ten instead of nine, Berlin tomorrow."""
    berlin, west, reminder_id = await fired(rows)
    changed = await edit(rows, reminder_id, NOON, schedule=at(10))
    ten = NINE + timedelta(hours=1)
    assert (changed.next_local, changed.next_run_at) == (ten, at_nine(WEST) + timedelta(hours=1))
    await rows.claim(changed.next_run_at)
    found = await states(rows)
    assert found[berlin, NINE] == (at_nine(BERLIN), "delivered")
    assert found[west, NINE] == (at_nine(WEST), "cancelled")
    assert found[west, ten] == (at_nine(WEST) + timedelta(hours=1), "pending")
    assert found[berlin, ten] == (None, "suppressed")


async def test_what_the_new_schedule_has_as_well_waits_on(rows: Rows) -> None:
    """Changed to weekdays, at the same hour: today is a weekday, so what waited waits, and is not opened again."""
    berlin, west, reminder_id = await fired(rows)
    changed = await edit(rows, reminder_id, NOON, schedule=at(9, "MON-FRI"))
    assert changed.next_local == NINE + timedelta(days=1)
    await rows.claim(at_nine(BERLIN, NINE + timedelta(days=1)))
    found = await states(rows)
    assert found[west, NINE] == (at_nine(WEST), "pending")
    assert found[berlin, NINE] == (at_nine(BERLIN), "delivered")
    assert len(await rows.all(deliveries)) == 4


async def test_away_and_back_is_sent_once(rows: Rows) -> None:
    """Moved to ten and back to nine: what the first change withdrew waits again."""
    _, west, reminder_id = await fired(rows)
    await edit(rows, reminder_id, NOON, schedule=at(10))
    await edit(rows, reminder_id, NOON, schedule=at(9))
    assert (await states(rows))[west, NINE] == (at_nine(WEST), "pending")
    assert len(await rows.all(occurrences)) == 1


async def test_a_schedule_of_one_zone_becomes_everybodys_and_back(rows: Rows) -> None:
    """The columns follow the schedule in both directions."""
    _, _, reminder_id = await fired(rows)
    one = {"kind": "cron", "expression": "0 9 * * *", "timezone": BERLIN}
    changed = await edit(rows, reminder_id, NOON, schedule=one)
    assert changed.next_run_at == at_nine(BERLIN, NINE + timedelta(days=1))
    assert (changed.next_local, changed.next_zone, changed.planned_from) == (None, None, None)
    again = await edit(rows, reminder_id, NOON, schedule=at(8))
    assert (again.next_local.hour, again.next_zone, again.planned_from) == (8, BERLIN, NOON)


async def test_a_changed_audience_has_another_first_zone(rows: Rows) -> None:
    """Only those in the west: it is opened for them."""
    _, people, reminder_id = await everybody(rows, EAST, WEST)
    audience = {"kind": "users", "users": [str(people[WEST])]}
    changed = await edit(rows, reminder_id, datetime(2026, 11, 30, tzinfo=UTC), audience=audience)
    assert (changed.next_run_at, changed.next_local) == (at_nine(WEST), NINE)


async def test_a_pause_that_ends_between_the_zones(rows: Rows) -> None:
    """Resumed at noon in Berlin, today is still to come in Honolulu, and has passed in Berlin."""
    _, people, reminder_id = await everybody(rows, BERLIN, WEST)
    async with begin(rows.db) as work:
        work.now = at_nine(BERLIN) - timedelta(hours=1)
        await lifecycle.pause(work, Actor(people[BERLIN]), reminder_id, until=NOON, reason=None)
    async with begin(rows.db) as work:
        work.now = NOON
        await rows.execute("update reminders set paused_until = '2026-01-01T00:00Z'")
        assert await sweeps.resume_paused(work) == 1
    assert (await rows.one(reminders, reminder_id)).next_run_at == at_nine(WEST)
    await rows.claim(at_nine(WEST))
    found = await states(rows)
    assert found[people[WEST], NINE] == (at_nine(WEST), "pending")
    assert found[people[BERLIN], NINE] == (None, "suppressed")


async def test_resumed_later_it_does_not_come_twice(rows: Rows) -> None:
    """A pause cancels what waits, for good: the day that was opened before it is not opened again."""
    _, west, reminder_id = await fired(rows)
    creator = (await rows.one(reminders, reminder_id)).created_by
    async with begin(rows.db) as work:
        await lifecycle.pause(work, Actor(creator), reminder_id, until=None, reason=None)
    async with begin(rows.db) as work:
        work.now = NOON
        resumed = await lifecycle.resume(work, Actor(creator), reminder_id)
    assert resumed.next_local == NINE + timedelta(days=1)
    assert (await states(rows))[west, NINE] == (at_nine(WEST), "cancelled")


async def test_once_for_everybody_ends_with_its_claim(rows: Rows) -> None:
    """A one-shot is completed when it is opened; who has passed it has it at once, the others at their hour."""
    once = {"kind": "once", "at": NINE.isoformat(), "timezone": "recipient"}
    _, people, reminder_id = await everybody(rows, EAST, WEST, schedule=once)
    await rows.claim(at_nine(EAST) + timedelta(hours=20))
    after = await rows.one(reminders, reminder_id)
    assert (after.status, after.next_run_at, after.next_local) == ("completed", None, None)
    found = await states(rows)
    assert found == {(people[zone], NINE): (at_nine(zone), "pending") for zone in (EAST, WEST)}
