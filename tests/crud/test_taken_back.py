"""A reminder that is moved away and back again is not lost."""

from datetime import UTC, datetime, timedelta

from core.work import begin
from crud import changes
from crud.access import Actor
from models import deliveries, occurrences, reminders
from schemas.reminders import ReminderUpdate
from tests.fixtures.rows import Rows, once_at


async def test_moved_away_and_back_it_is_sent_once(rows: Rows) -> None:
    """What the first move cancelled waits again after the second, and the claim adds nothing to it."""
    at = datetime.now(UTC).replace(microsecond=0)
    _, reminder_id = await rows.solo(next_run_at=at, schedule=once_at(at), completion="any")
    person = (await rows.one(reminders, reminder_id)).created_by
    await rows.claim(at)
    statuses = []
    for target in (at + timedelta(days=1), at):
        wanted = ReminderUpdate.model_validate({"schedule": {"kind": "once", "at": target.isoformat()}})
        async with begin(rows.db) as work:
            await changes.change(work, Actor(person), reminder_id, wanted, versions=None, own_zone=None)
        [delivery] = await rows.all(deliveries)
        [occurrence] = await rows.all(occurrences)
        statuses.append((occurrence.status, delivery.status, delivery.reason))
    assert statuses == [("cancelled", "cancelled", "rescheduled"), ("open", "pending", None)]
    assert work.channels == {"email"}
    await rows.claim(at + timedelta(seconds=1))
    assert len(await rows.all(deliveries)) == 1
    assert (await rows.one(reminders, reminder_id)).status == "completed"
