"""What is final is final: verbs of people against claims, in both orders."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from core.work import Work
from crud import changes, lifecycle
from crud.access import Actor
from crud.dispatch import Result, record
from crud.occurrences import claim_due
from models import deliveries, occurrences, reminders
from schemas.reminders import ReminderUpdate
from tests.fixtures.rows import DUE, Rows, every_minute
from tests.races.meeting import commit, lease, second_passes, second_waits

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
OTHER_TIME = ReminderUpdate.model_validate({"schedule": {"kind": "once", "at": LATER.isoformat()}})


async def pause(work: Work, user_id: UUID, reminder_id: UUID) -> object:
    """Pause."""
    return await lifecycle.pause(work, Actor(user_id), reminder_id, until=None, reason=None)


async def delete(work: Work, user_id: UUID, reminder_id: UUID) -> object:
    """Delete."""
    return await lifecycle.delete(work, Actor(user_id), reminder_id, versions=None)


async def edit(work: Work, user_id: UUID, reminder_id: UUID) -> object:
    """Move to tomorrow."""
    return await changes.change(work, Actor(user_id), reminder_id, OTHER_TIME, versions=None, own_zone=None)


async def acknowledge(work: Work, user_id: UUID, reminder_id: UUID) -> object:
    """Say that it is done."""
    return await lifecycle.acknowledge(work, Actor(user_id), reminder_id, note=None)


ENDS: dict[Callable[[Work, UUID, UUID], Any], str] = {
    pause: "paused",
    delete: "deleted",
    edit: "rescheduled",
    acknowledge: "acknowledged",
}
final = pytest.mark.parametrize("end", list(ENDS), ids=lambda end: end.__name__)


async def claim(work: Work) -> None:
    """Claim what is due at DUE."""
    work.now = DUE
    await claim_due(work, 100)


async def recurring(rows: Rows) -> tuple[UUID, UUID]:
    """Write a due reminder that repeats; return its creator and its id."""
    _, reminder_id = await rows.solo(schedule=every_minute(DUE))
    return (await rows.one(reminders, reminder_id)).created_by, reminder_id


@final
async def test_after_a_claim_nothing_of_it_is_sent(rows: Rows, end: Callable[..., Any]) -> None:
    """A verb that meets a claim waits for it, and cancels what the claim wrote."""
    person, reminder_id = await recurring(rows)
    await second_waits(rows, claim, lambda work: end(work, person, reminder_id))
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason) == ("cancelled", ENDS[end])
    async with rows.db.connect() as conn:
        assert await lease(conn) == []


@pytest.mark.parametrize("end", [pause, delete, edit], ids=lambda end: end.__name__)
async def test_before_a_claim_nothing_is_claimed(rows: Rows, end: Callable[..., Any]) -> None:
    """A claim that meets a verb passes by, and finds nothing due afterwards."""
    person, reminder_id = await recurring(rows)
    await second_passes(rows, lambda work: end(work, person, reminder_id), claim)
    await commit(rows, claim)
    assert await rows.all(occurrences) == []


async def test_an_edit_keeps_to_one_version(rows: Rows) -> None:
    """The claim was first, so its occurrence is of the first version; the second has its own instant."""
    person, reminder_id = await recurring(rows)
    await second_waits(rows, claim, lambda work: edit(work, person, reminder_id))
    [occurrence] = await rows.all(occurrences)
    after = await rows.one(reminders, reminder_id)
    assert (occurrence.status, occurrence.reminder_version) == ("cancelled", 1)
    assert (after.status, after.version, after.next_run_at) == ("active", 2, LATER)


async def lease_into(taken: list[Any], work: Work) -> None:
    """Lease what is due, and keep it for the test."""
    taken += await lease(work.conn)


@final
async def test_against_a_lease_the_attempt_under_way_is_the_last(rows: Rows, end: Callable[..., Any]) -> None:
    """The verb waits for the lease; the attempt goes on, and is not repeated if it fails."""
    person, reminder_id = await recurring(rows)
    await rows.claim()
    taken: list[Any] = []
    await second_waits(rows, partial(lease_into, taken), lambda work: end(work, person, reminder_id))
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.cancel_reason) == ("sending", ENDS[end])
    async with rows.db.begin() as conn:
        await record(conn, [Result(taken[0], "transient", retry_in=timedelta(seconds=1))])
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason) == ("cancelled", ENDS[end])


@final
async def test_before_a_lease_nothing_is_leased(rows: Rows, end: Callable[..., Any]) -> None:
    """The dispatcher passes by what is being cancelled, and has nothing to take afterwards."""
    person, reminder_id = await recurring(rows)
    await rows.claim()
    taken: list[Any] = []
    await second_passes(rows, lambda work: end(work, person, reminder_id), partial(lease_into, taken))
    await commit(rows, partial(lease_into, taken))
    assert taken == []
