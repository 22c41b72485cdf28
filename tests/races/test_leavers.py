"""Whoever leaves a team meets those who work in it: nobody waits for the other crosswise."""

import asyncio
from typing import Any
from uuid import UUID

from core.work import Work, begin
from crud import changes, deliveries, leavers, reminders, teams
from crud.access import Actor
from models import deliveries as delivery_rows
from models import reminders as reminder_rows
from schemas.reminders import ReminderUpdate
from tests.fixtures.rows import Rows
from tests.races.meeting import WAITS, Verb, commit

DAILY = {"kind": "cron", "expression": "0 9 * * *", "timezone": "recipient"}


async def waited_for(rows: Rows, verb: Verb) -> asyncio.Task[None]:
    """Begin a verb in a transaction of its own, and let it come as far as it gets."""
    task = asyncio.create_task(commit(rows, verb))
    await asyncio.wait({task}, timeout=WAITS)
    return task


async def pair(rows: Rows) -> tuple[UUID, UUID, UUID, UUID]:
    """Write a team of two with a reminder for the second; return team, both and reminder."""
    ada, bob = await rows.person(), await rows.person()
    await rows.address(user_id=bob)
    team_id = await rows.team(ada, bob, role="owner")
    named: dict[str, Any] = {"audience_kind": "users", "audience_user_ids": [bob]}
    return team_id, ada, bob, await rows.reminder(team_id, ada, **named)


async def test_whoever_cancels_what_a_leaver_was_to_get(rows: Rows) -> None:
    """The reminder is taken before what waits of it, by both."""
    team_id, ada, bob, reminder_id = await pair(rows)
    await rows.claim()
    async with begin(rows.db) as work:
        await reminders.locked(work, Actor(ada), reminder_id)
        leaving = await waited_for(rows, lambda other: leavers.leaves(other, team_id, bob))
        await deliveries.cancel(work, team_id, reminder_id, "paused")
    await leaving
    assert [row.reason for row in await rows.all(delivery_rows)] == ["paused"]


async def test_whoever_moves_a_reminder_to_everybodys_clock(rows: Rows) -> None:
    """The team is taken before its reminders, by both."""
    team_id, ada, bob, reminder_id = await pair(rows)
    wanted = ReminderUpdate.model_validate({"schedule": DAILY})

    async def move(work: Work) -> None:
        await changes.change(work, Actor(ada), reminder_id, wanted, versions=None, own_zone="UTC")

    async with begin(rows.db) as work:
        await teams.hold(work, team_id)
        moving = await waited_for(rows, move)
        await leavers.leaves(work, team_id, bob)
    await moving
    row = await rows.one(reminder_rows, reminder_id)
    assert (row.audience_kind, row.schedule["timezone"], row.next_local is not None) == ("creator", "recipient", True)
