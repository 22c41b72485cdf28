"""The probe of the safety loop, pauses that end, and alarms that are set again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import ceil_second
from core.ids import uuid7
from core.work import begin
from crud import sweeps
from models import reminders, workers
from tests.fixtures.rows import Rows, every_minute

CHANNELS = ("email", "slack")


async def test_the_probe_sees_what_is_due_and_nothing_else(rows: Rows, autocommit: AsyncConnection) -> None:
    """An empty database has nothing; a due reminder, a due delivery and a lost lease each show."""
    assert (await sweeps.probe(autocommit, CHANNELS)) == sweeps.Probe(False, False, False, frozenset(), None)
    await rows.solo()
    assert (await sweeps.probe(autocommit, CHANNELS)).due
    await rows.claim()
    found = await sweeps.probe(autocommit, CHANNELS)
    assert (found.due, found.channels) == (False, {"email"})
    await rows.execute(
        "update deliveries set status = 'sending', lease_token = uuidv7(), lease_until = now() - interval '1 s'"
    )
    found = await sweeps.probe(autocommit, CHANNELS)
    assert (found.lost, found.channels) == (True, frozenset())


async def test_the_probe_tells_how_far_off_the_next_one_is(rows: Rows, autocommit: AsyncConnection) -> None:
    """The loop can meet a due second exactly, because it knows how long to sleep."""
    at = ceil_second(datetime.now(UTC)) + timedelta(seconds=90)
    await rows.solo(next_run_at=at)
    found = await sweeps.probe(autocommit, CHANNELS)
    assert found.next_due is not None
    assert 85 < found.next_due <= 91


async def test_a_pause_with_an_end_ends(rows: Rows) -> None:
    """When its time is over a paused reminder is active again and planned from now."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    _, reminder_id = await rows.solo(schedule=every_minute(at), status="paused", next_run_at=at, paused_until=at)
    async with begin(rows.db) as work:
        assert await sweeps.resume_paused(work) == 1
    after = await rows.one(reminders, reminder_id)
    assert (after.status, after.paused_until) == ("active", None)
    assert work.now < after.next_run_at <= work.now + timedelta(minutes=1)
    assert work.alarms == {after.next_run_at}


async def test_a_pause_does_not_end_into_a_taken_key(rows: Rows) -> None:
    """Where another reminder holds the natural key meanwhile, this one stays paused and says why."""
    key = {"entity_type": "invoice", "entity_id": "7", "event_type": "pay"}
    at = datetime.now(UTC).replace(microsecond=0)
    team_id, active = await rows.solo(next_run_at=at + timedelta(hours=1), **key)
    creator = (await rows.one(reminders, active)).created_by
    paused = await rows.reminder(
        team_id, creator, status="paused", schedule=every_minute(at), next_run_at=None, paused_until=at, **key
    )
    async with begin(rows.db) as work:
        await sweeps.resume_paused(work)
    after = await rows.one(reminders, paused)
    assert (after.status, after.paused_until) == ("paused", None)
    assert "another one" in after.pause_reason


async def test_a_one_shot_that_fell_due_while_paused_fires_late(rows: Rows) -> None:
    """When the pause ends by itself it keeps its instant, as it does when somebody resumes it."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    _, reminder_id = await rows.solo(status="paused", next_run_at=at, paused_until=at + timedelta(minutes=30))
    async with begin(rows.db) as work:
        await sweeps.resume_paused(work)
    after = await rows.one(reminders, reminder_id)
    assert (after.status, after.next_run_at) == ("active", at)


async def test_two_pauses_of_one_key_that_end_together_resume_one(rows: Rows) -> None:
    """The first is active again, the second stays paused with its instant; the others of the batch go on."""
    key = {"entity_type": "invoice", "entity_id": "7", "event_type": "pay"}
    at = datetime.now(UTC).replace(microsecond=0)
    paused = {"status": "paused", "schedule": every_minute(at), "next_run_at": at, "paused_until": at}
    team_id, first = await rows.solo(**paused, **key)
    creator = (await rows.one(reminders, first)).created_by
    await rows.reminder(team_id, creator, **paused, **key)
    await rows.reminder(team_id, creator, **paused)
    async with begin(rows.db) as work:
        assert await sweeps.resume_paused(work) == 3
    found = [(row.status, row.paused_until, row.next_run_at is None) for row in await rows.all(reminders)]
    assert sorted(found) == [("active", None, False), ("active", None, False), ("paused", None, False)]


async def test_a_pause_that_cannot_be_ended_stops_nobody_else(rows: Rows) -> None:
    """A poisoned schedule is looked at again later, the one beside it resumes."""
    at = datetime.now(UTC).replace(microsecond=0)
    paused = {"status": "paused", "next_run_at": at, "paused_until": at}
    _, poisoned = await rows.solo(**paused, schedule={"kind": "nonsense"})
    _, sound = await rows.solo(**paused, schedule=every_minute(at))
    async with begin(rows.db) as work:
        await sweeps.resume_paused(work)
    assert (await rows.one(reminders, sound)).status == "active"
    after = await rows.one(reminders, poisoned)
    assert (after.status, after.next_run_at) == ("paused", at)
    assert after.paused_until > at


async def test_the_seconds_of_the_next_minute_are_told_once_each(rows: Rows) -> None:
    """A hundred reminders at one second need one alarm, and those further off none yet."""
    at = ceil_second(datetime.now(UTC)) + timedelta(seconds=20)
    for wait in (0, 0, 5, 600):
        await rows.solo(next_run_at=at + timedelta(seconds=wait))
    async with begin(rows.db) as work:
        assert set(await sweeps.seconds_ahead(work)) == {at, at + timedelta(seconds=5)}


async def test_a_heartbeat_is_one_row_per_process(rows: Rows, autocommit: AsyncConnection) -> None:
    """Beating again moves the row, and those gone for a day are forgotten."""
    mine, gone = uuid7(), uuid7()
    await sweeps.beat(autocommit, gone, "worker", "old-host")
    await rows.execute("update workers set seen_at = now() - interval '2 days'")
    for _ in range(2):
        await sweeps.beat(autocommit, mine, "worker", "host")
    assert [row.id for row in await rows.all(workers)] == [mine]


async def test_the_next_due_delivery_is_met_as_well(rows: Rows, autocommit: AsyncConnection) -> None:
    """What waits for somebody's own hour is looked for on its second, as a reminder is."""
    await rows.solo()
    await rows.claim()
    await rows.execute("update deliveries set deliver_at = now() + interval '90 s'")
    found = await sweeps.probe(autocommit, CHANNELS)
    assert found.next_due is not None
    assert 80 < found.next_due <= 90
