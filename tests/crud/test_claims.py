"""Claiming: once each, never early, everything that follows in one transaction."""

import asyncio
from datetime import timedelta

from models import deliveries, occurrences, reminders
from tests.fixtures.rows import DUE, MINUTE, Rows, every_minute


async def test_a_due_reminder_becomes_an_occurrence_with_a_delivery(rows: Rows) -> None:
    """A claim opens the occurrence, writes the delivery and completes a one-shot."""
    team_id, reminder_id = await rows.solo()
    claimed, work = await rows.claim()
    [occurrence], [delivery] = await rows.all(occurrences), await rows.all(deliveries)
    assert (claimed.reminders, claimed.deliveries, work.channels) == (1, 1, {"email"})
    assert (occurrence.reminder_id, occurrence.scheduled_for, occurrence.status) == (reminder_id, DUE, "open")
    assert (delivery.team_id, delivery.status, delivery.deliver_at) == (team_id, "pending", DUE)
    reminder = await rows.one(reminders, reminder_id)
    assert (reminder.status, reminder.next_run_at, reminder.last_run_at) == ("completed", None, DUE)


async def test_nothing_is_claimed_early(rows: Rows) -> None:
    """A second before its instant a reminder is left alone."""
    await rows.solo()
    claimed, _ = await rows.claim(DUE - timedelta(seconds=1))
    assert claimed.reminders == 0
    assert await rows.all(occurrences) == []


async def test_a_recurring_one_moves_on_and_asks_for_its_alarm(rows: Rows) -> None:
    """The next instant is written in the same transaction, and an alarm is asked for."""
    _, reminder_id = await rows.solo(schedule=every_minute(DUE))
    _, work = await rows.claim()
    reminder = await rows.one(reminders, reminder_id)
    assert (reminder.status, reminder.next_run_at) == ("active", DUE + MINUTE)
    assert work.alarms == {DUE + MINUTE}


async def test_many_claims_at_once_fire_each_reminder_once(rows: Rows) -> None:
    """Five claims side by side leave one occurrence and one delivery per reminder."""
    for _ in range(20):
        await rows.solo()
    results = await asyncio.gather(*(rows.claim(limit=7) for _ in range(5)))
    while (more := await rows.claim(limit=7))[0].reminders:
        results.append(more)
    assert sum(claimed.reminders for claimed, _ in results) == 20
    assert len(await rows.all(deliveries)) == 20


async def test_a_full_batch_asks_to_be_followed(rows: Rows) -> None:
    """Whoever takes as many as asked for wakes another at once."""
    for _ in range(3):
        await rows.solo()
    claimed, work = await rows.claim(limit=2)
    assert claimed.more
    assert work.again
    claimed, work = await rows.claim(limit=2)
    assert (claimed.reminders, claimed.more, work.again) == (1, False, False)


async def test_an_edit_that_keeps_the_instant_sends_once(rows: Rows) -> None:
    """The occurrence is named by its instant, so planning the same one again adds nothing."""
    _, reminder_id = await rows.solo()
    await rows.claim()
    await rows.execute("update reminders set status = 'active', next_run_at = :at, version = 2", at=DUE)
    claimed, _ = await rows.claim()
    assert (claimed.reminders, claimed.deliveries) == (1, 0)
    assert len(await rows.all(deliveries)) == 1
    assert (await rows.one(reminders, reminder_id)).status == "completed"


async def test_missed_ones_become_one_message_and_rows_that_say_so(rows: Rows) -> None:
    """After ten minutes without a worker the latest fires and the others are expired as coalesced."""
    await rows.solo(schedule=every_minute(DUE))
    claimed, _ = await rows.claim(DUE + 10 * MINUTE)
    found = {row.scheduled_for: row for row in await rows.all(occurrences)}
    latest = found.pop(DUE + 10 * MINUTE)
    assert claimed.deliveries == 1
    assert (latest.status, latest.missed) == ("open", 10)
    assert len(found) == 10
    assert {(row.status, row.reason) for row in found.values()} == {("expired", "coalesced")}


async def test_what_was_missed_for_days_is_worked_off_in_portions(rows: Rows) -> None:
    """Three minutely reminders that missed two days are not one long claim: two of them fill it, and it says so."""
    for _ in range(3):
        await rows.solo(schedule=every_minute(DUE))
    claimed, work = await rows.claim(DUE + timedelta(days=2))
    assert (claimed.reminders, claimed.more, work.again) == (2, True, True)
    claimed, _ = await rows.claim(DUE + timedelta(days=2))
    assert (claimed.reminders, claimed.more) == (1, False)


async def test_a_one_shot_is_delivered_however_late(rows: Rows) -> None:
    """Two days without a worker lose no one-shot."""
    await rows.solo()
    claimed, _ = await rows.claim(DUE + timedelta(days=2))
    assert claimed.deliveries == 1


async def test_too_late_ends_as_expired_and_is_not_sent(rows: Rows) -> None:
    """With a greatest lateness a missed one-shot is written down, not sent, and the reminder has expired."""
    _, reminder_id = await rows.solo(max_lateness=timedelta(hours=1))
    claimed, _ = await rows.claim(DUE + timedelta(hours=2))
    [occurrence] = await rows.all(occurrences)
    assert claimed.deliveries == 0
    assert (occurrence.status, occurrence.reason) == ("expired", "too_late")
    assert (await rows.one(reminders, reminder_id)).status == "expired"


async def test_a_reminder_that_cannot_be_planned_stops_nobody_else(rows: Rows) -> None:
    """A poisoned schedule is pushed forward, the one beside it fires."""
    _, poisoned = await rows.solo(schedule={"kind": "nonsense"})
    _, sound = await rows.solo()
    claimed, _ = await rows.claim()
    assert claimed.deliveries == 1
    assert (await rows.one(reminders, sound)).status == "completed"
    after = await rows.one(reminders, poisoned)
    assert (after.status, after.next_run_at) == ("active", DUE + 5 * MINUTE)


async def test_a_rolled_back_claim_leaves_nothing(rows: Rows) -> None:
    """What is not committed has not happened: the next claim finds the reminder again."""
    await rows.solo()
    async with rows.db.connect() as conn:
        await conn.begin()
        await conn.exec_driver_sql("update reminders set status = 'completed', next_run_at = null")
        await conn.rollback()
    claimed, _ = await rows.claim()
    assert claimed.deliveries == 1
