"""Everybody's own clock: one occurrence for all, and for each the same local time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from core.work import Work, begin
from crud import accounts, lifecycle, recipients
from crud.access import Actor
from models import deliveries, occurrences, reminders
from schemas.accounts import UserUpdate
from tests.fixtures.rows import Rows
from tests.races.meeting import lease

NINE = datetime.fromisoformat("2026-12-01T09:00")
EAST, WEST = "Pacific/Kiritimati", "Pacific/Honolulu"
ZONES = (EAST, "Europe/Berlin", "America/New_York", WEST, None)
# The one without a zone goes by the team's.
OFFSETS = {EAST: 14, "Europe/Berlin": 1, "America/New_York": -5, WEST: -10, None: 5.5}


def daily(expression: str = "0 9 * * *", **fields: Any) -> dict[str, Any]:
    """Return a stored schedule on everybody's own clock."""
    starts = {"starts_at": "2026-12-01T00:00:00"}
    return {"kind": "cron", "expression": expression, "timezone": "recipient"} | starts | fields


def at_nine(zone: str | None, day: datetime = NINE) -> datetime:
    """Return when it is nine o'clock in a zone, worked out by hand."""
    return (day - timedelta(hours=OFFSETS[zone])).replace(tzinfo=UTC)


async def everybody(rows: Rows, *zones: str | None, **values: Any) -> tuple[UUID, dict[str | None, UUID], UUID]:
    """Write a team with somebody in each zone and a daily reminder; return team, people and reminder."""
    people = {}
    for zone in zones:
        people[zone] = await rows.person(timezone=zone)
        await rows.address(user_id=people[zone])
        await rows.team(people[zone], personal_of=people[zone])
    team_id = await rows.team(*people.values(), timezone="Asia/Kolkata")
    given = {"schedule": daily(), "next_run_at": None} | values
    reminder_id = await rows.reminder(team_id, next(iter(people.values())), **given)
    await plan(rows, reminder_id)
    return team_id, people, reminder_id


async def plan(rows: Rows, reminder_id: UUID) -> None:
    """Plan a reminder as if it had just been written, the day before."""
    async with begin(rows.db) as work:
        work.now = datetime(2026, 11, 30, tzinfo=UTC)
        await recipients.begin(work, (await rows.one(reminders, reminder_id)).team_id, reminder_id)


async def move(rows: Rows, user_id: UUID, zone: str | None, now: datetime) -> Work:
    """Let somebody change their zone at an instant."""
    async with begin(rows.db) as work:
        work.now = now
        await accounts.change(work, user_id, UserUpdate(timezone=zone), None)
    return work


async def due(rows: Rows) -> dict[UUID | None, list[tuple[datetime | None, str]]]:
    """Return what each person's deliveries are: when due, and their state."""
    found: dict[UUID | None, list[tuple[datetime | None, str]]] = {}
    for row in await rows.all(deliveries):
        found.setdefault(row.user_id, []).append((row.due_at, row.status))
    return found


async def test_one_occurrence_and_nine_o_clock_for_each(rows: Rows) -> None:
    """It is opened when the first has it, and each delivery waits for nine in its recipient's zone or the team's."""
    _, people, reminder_id = await everybody(rows, *ZONES)
    planned = await rows.one(reminders, reminder_id)
    assert (planned.next_run_at, planned.next_local, planned.next_zone) == (at_nine(EAST), NINE, EAST)
    assert (await rows.claim(at_nine(EAST) - timedelta(seconds=1)))[0].reminders == 0
    _, work = await rows.claim(at_nine(EAST))
    [occurrence] = await rows.all(occurrences)
    assert (occurrence.scheduled_for, occurrence.scheduled_local) == (at_nine(EAST), NINE)
    assert await due(rows) == {people[zone]: [(at_nine(zone), "pending")] for zone in ZONES}
    assert all(row.deliver_at == row.due_at for row in await rows.all(deliveries))
    assert work.alarms == {at_nine(EAST, NINE + timedelta(days=1))}


async def test_an_address_of_the_team_goes_by_its_clock(rows: Rows) -> None:
    """A team's channel has it at the team's nine o'clock."""
    team_id, _, reminder_id = await everybody(rows, WEST)
    channel = await rows.address("C0123456789", "slack", team_id=team_id)
    await rows.execute("update reminders set audience_address_ids = array[cast(:id as uuid)]", id=channel)
    await plan(rows, reminder_id)
    await rows.claim(at_nine(None))
    assert (await due(rows))[None] == [(at_nine(None), "pending")]
    assert (await rows.one(reminders, reminder_id)).next_local == NINE + timedelta(days=1)


async def test_daylight_saving_is_each_ones_own(rows: Rows) -> None:
    """Over both changes of spring everybody keeps nine o'clock, on different dates by another instant."""
    start = {"starts_at": "2027-03-13T00:00:00"}
    _, people, reminder_id = await everybody(rows, "Europe/Berlin", "America/New_York", schedule=daily(**start))
    for _ in range(17):
        await rows.claim((await rows.one(reminders, reminder_id)).next_run_at)
    hours = {person: [at.hour for at, _ in found if at] for person, found in (await due(rows)).items()}
    # The 14th in New York, the 28th in Berlin.
    assert hours[people["America/New_York"]] == [14] * 1 + [13] * 16
    assert hours[people["Europe/Berlin"]] == [8] * 15 + [7] * 2
    assert len(await rows.all(occurrences)) == 17


async def test_who_moves_before_it_is_sent_is_planned_anew(rows: Rows) -> None:
    """A delivery that waits follows its recipient to another zone; those of others stay."""
    _, people, _ = await everybody(rows, EAST, "Europe/Berlin", WEST)
    await rows.claim(at_nine(EAST))
    await move(rows, people["Europe/Berlin"], "America/New_York", at_nine(EAST) + timedelta(hours=1))
    found = await due(rows)
    assert found[people["Europe/Berlin"]] == [(at_nine("America/New_York"), "pending")]
    assert found[people[WEST]] == [(at_nine(WEST), "pending")]
    assert found[people[EAST]] == [(at_nine(EAST), "pending")]


async def test_who_has_it_does_not_get_it_again(rows: Rows) -> None:
    """After the delivery a move to where it is not yet nine brings nothing more of the same occurrence."""
    _, people, _ = await everybody(rows, "Europe/Berlin", WEST)
    await rows.claim(at_nine("Europe/Berlin"))
    await rows.execute("update deliveries set status = 'delivered' where user_id = :id", id=people["Europe/Berlin"])
    await move(rows, people["Europe/Berlin"], WEST, at_nine("Europe/Berlin") + timedelta(hours=1))
    await rows.claim(at_nine(WEST) + timedelta(hours=1))
    assert (await due(rows))[people["Europe/Berlin"]] == [(at_nine("Europe/Berlin"), "delivered")]


async def test_who_moves_past_it_has_it_at_once(rows: Rows) -> None:
    """Into a zone where nine has passed the delivery is due with the move: not lost, and nobody was late."""
    _, people, _ = await everybody(rows, EAST, WEST)
    await rows.claim(at_nine(EAST))
    now = at_nine("Europe/Berlin") + timedelta(hours=1)
    work = await move(rows, people[WEST], "Europe/Berlin", now)
    assert (await due(rows))[people[WEST]] == [(now, "pending")]
    assert work.channels == {"email"}


async def test_a_day_ahead_is_the_next_occurrence_at_the_instant_of_the_last(rows: Rows) -> None:
    """From Honolulu to Kiritimati it is a day later at the same instant: the next one comes at once, as its own."""
    _, people, reminder_id = await everybody(rows, WEST)
    await rows.claim(at_nine(WEST))
    await rows.execute("update deliveries set status = 'delivered'")
    now = at_nine(WEST) + timedelta(minutes=30)
    work = await move(rows, people[WEST], EAST, now)
    assert at_nine(WEST) in work.alarms
    await rows.claim(now)
    first, second = await rows.all(occurrences)
    assert [first.scheduled_local, second.scheduled_local] == [NINE, NINE + timedelta(days=1)]
    assert second.scheduled_for == first.scheduled_for + timedelta(seconds=1)
    assert (await due(rows))[people[WEST]] == [(at_nine(WEST), "delivered"), (at_nine(WEST), "pending")]
    assert (await rows.one(reminders, reminder_id)).next_local == NINE + timedelta(days=2)


async def test_a_team_that_moves_takes_those_along_who_go_by_it(rows: Rows) -> None:
    """Who has no zone, and the team's own addresses, follow the team."""
    team_id, people, reminder_id = await everybody(rows, None)
    await rows.claim(at_nine(None))
    await rows.execute("update teams set timezone = 'America/New_York'")
    async with begin(rows.db) as work:
        work.now = at_nine(None)
        await recipients.clocks_changed(work, [team_id])
    assert (await due(rows))[people[None]] == [(at_nine("America/New_York"), "pending")]
    assert (await rows.one(reminders, reminder_id)).next_run_at == at_nine("America/New_York", NINE + timedelta(days=1))


@pytest.mark.parametrize("kind", ["team", "users", "creator", "roles"])
async def test_only_the_audience_counts(rows: Rows, kind: str) -> None:
    """The earliest zone is that of somebody whom the reminder names."""
    _, people, reminder_id = await everybody(rows, WEST, EAST, audience_kind=kind, audience_user_ids=[])
    await rows.execute("update memberships set role = 'viewer' where user_id = :id", id=people[WEST])
    values = {"ids": [people[WEST]], "roles": ["viewer"]}
    await rows.execute("update reminders set audience_user_ids = :ids, audience_roles = :roles", **values)
    await plan(rows, reminder_id)
    assert (await rows.one(reminders, reminder_id)).next_zone == (EAST if kind == "team" else WEST)


async def test_run_now_waits_for_nobodys_clock(rows: Rows) -> None:
    """Fired by hand it is due for everybody at once, and the plan stays."""
    _, people, reminder_id = await everybody(rows, EAST, WEST)
    async with begin(rows.db) as work:
        await lifecycle.run(work, Actor(people[EAST]), reminder_id)
    assert {row.deliver_at for row in await rows.all(deliveries)} == {(await rows.all(occurrences))[0].scheduled_for}
    assert (await rows.one(reminders, reminder_id)).next_local == NINE


async def test_skipping_leaves_a_whole_day_out_for_all(rows: Rows) -> None:
    """The skipped local time is written down, and the next one is planned."""
    _, people, reminder_id = await everybody(rows, EAST, WEST)
    async with begin(rows.db) as work:
        await lifecycle.skip(work, Actor(people[EAST]), reminder_id)
    [skipped] = await rows.all(occurrences)
    assert (skipped.status, skipped.scheduled_local, skipped.scheduled_for) == ("skipped", NINE, at_nine(EAST))
    assert (await rows.one(reminders, reminder_id)).next_run_at == at_nine(EAST, NINE + timedelta(days=1))


async def test_what_is_said_goes_by_ones_own_hour(rows: Rows, autocommit: AsyncConnection) -> None:
    """The dispatcher is told when it was due for this recipient and by which zone, whatever was postponed since."""
    _, people, _ = await everybody(rows, EAST, WEST)
    await rows.claim(at_nine(EAST))
    await rows.execute("update deliveries set deliver_at = now() where user_id = :id", id=people[WEST])
    [leased] = await lease(autocommit)
    assert (leased.due_at, leased.timezone) == (at_nine(WEST), WEST)


async def test_giving_up_counts_from_ones_own_hour(rows: Rows) -> None:
    """Whoever has it a day later has it tried for as long as the first."""
    _, people, _ = await everybody(rows, EAST, WEST)
    await rows.claim(at_nine(EAST))
    found = {row.user_id: row.give_up_at for row in await rows.all(deliveries)}
    assert found[people[WEST]] == at_nine(WEST) + timedelta(days=7)


async def test_a_row_that_knows_its_instant_only_is_understood(rows: Rows) -> None:
    """A reminder whose local time is not written beside its instant is claimed all the same."""
    _, people, reminder_id = await everybody(rows, EAST, WEST)
    await rows.execute("update reminders set next_local = null, next_zone = null, planned_from = null")
    await rows.claim(at_nine(EAST))
    assert await due(rows) == {people[zone]: [(at_nine(zone), "pending")] for zone in (EAST, WEST)}
    assert (await rows.one(reminders, reminder_id)).next_local == NINE + timedelta(days=1)


async def test_whose_local_time_does_not_exist_is_told_in_the_place_of_others(rows: Rows) -> None:
    """Half past two is left out in Berlin; whoever has it in Lagos cannot be reached, and so the creator is told."""
    berlin, lagos = await rows.person(timezone="Europe/Berlin"), await rows.person(timezone="Africa/Lagos")
    await rows.address(user_id=berlin)
    schedule = daily("30 2 28 3 *", dst_gap="skip", starts_at="2027-03-28T00:00:00")
    reminder_id = await rows.reminder(await rows.team(berlin, lagos), berlin, schedule=schedule, next_run_at=None)
    await plan(rows, reminder_id)
    await rows.claim((await rows.one(reminders, reminder_id)).next_run_at)
    found = {(row.user_id, row.kind): (row.status, row.reason) for row in await rows.all(deliveries)}
    assert found == {
        (berlin, "first"): ("suppressed", "no_such_local_time"),
        (lagos, "first"): ("suppressed", "no_address"),
        (berlin, "substitute"): ("pending", None),
    }
