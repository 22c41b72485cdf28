"""Whoever changes a clock meets those who plan by it: nobody is missed and nobody has it twice."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from core.work import Work
from crud import accounts, recipients
from crud.occurrences import claim_due
from models import deliveries, occurrences, reminders
from schemas.accounts import UserUpdate
from tests.crud.test_recipients import EAST, NINE, WEST, at_nine, daily, everybody
from tests.fixtures.rows import Rows
from tests.races.meeting import commit, second_passes, second_waits

NEW_YORK = "America/New_York"


async def claim(work: Work) -> None:
    """Claim what is due when the first zone has nine o'clock."""
    work.now = at_nine(EAST)
    await claim_due(work, 100)


async def move(user_id: UUID, zone: str, work: Work) -> None:
    """Change somebody's zone a little later."""
    work.now = at_nine(EAST)
    await accounts.change(work, user_id, UserUpdate(timezone=zone), None)


async def of(rows: Rows, user_id: UUID) -> list[object]:
    """Return when somebody's deliveries are due."""
    return [row.due_at for row in await rows.all(deliveries) if row.user_id == user_id]


async def test_a_move_that_meets_a_claim_waits_and_sets_right(rows: Rows) -> None:
    """The claim has written by the old zone; the move sees it and plans it anew."""
    _, people, reminder_id = await everybody(rows, EAST, WEST)
    await second_waits(rows, claim, partial(move, people[WEST], NEW_YORK))
    assert await of(rows, people[WEST]) == [at_nine(NEW_YORK)]
    assert (await rows.one(reminders, reminder_id)).next_local == NINE + timedelta(days=1)


async def test_a_claim_that_meets_a_move_passes_by(rows: Rows) -> None:
    """What is being planned anew is left alone, and claimed by the new zone afterwards."""
    _, people, _ = await everybody(rows, EAST, WEST)
    await second_passes(rows, partial(move, people[WEST], NEW_YORK), claim)
    assert await rows.all(occurrences) == []
    await commit(rows, claim)
    assert await of(rows, people[WEST]) == [at_nine(NEW_YORK)]


async def test_a_move_out_of_a_once_that_is_being_claimed(rows: Rows) -> None:
    """A one-shot ends with its claim; what it wrote is found all the same."""
    once = {"kind": "once", "at": "2026-12-01T09:00:00", "timezone": "recipient"}
    _, people, _ = await everybody(rows, EAST, WEST, schedule=once)
    await second_waits(rows, claim, partial(move, people[WEST], NEW_YORK))
    assert await of(rows, people[WEST]) == [at_nine(NEW_YORK)]


async def test_a_new_reminder_meets_a_move(rows: Rows) -> None:
    """A reminder that is just being planned holds its team, so that the move sees it, or is seen by it."""
    team_id, people, _ = await everybody(rows, WEST)
    new = await rows.reminder(team_id, people[WEST], schedule=daily(), next_run_at=None)
    row = await rows.one(reminders, new)

    async def begin(work: Work) -> None:
        work.now = row.created_at
        await recipients.begin(work, row.team_id, row.id)

    await second_waits(rows, begin, partial(move, people[WEST], EAST))
    assert (await rows.one(reminders, new)).next_zone == EAST
    await second_waits(rows, partial(move, people[WEST], NEW_YORK), begin)
    assert (await rows.one(reminders, new)).next_zone == NEW_YORK


async def test_two_who_move_at_once(rows: Rows) -> None:
    """They wait for each other and do not lock each other out."""
    _, people, reminder_id = await everybody(rows, EAST, WEST)
    await second_waits(rows, partial(move, people[EAST], NEW_YORK), partial(move, people[WEST], "Europe/Berlin"))
    assert (await rows.one(reminders, reminder_id)).next_zone == "Europe/Berlin"
