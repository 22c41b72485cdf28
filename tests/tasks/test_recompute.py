"""Zone data of another version: what was planned is planned anew, once, by one process."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.queue import Silence
from core.work import Work, begin
from crud import zone_rules
from crud.recompute import batch
from models import deliveries, recomputations, reminders
from schedules import zones
from tasks.recompute import LOCK, UnderWay, compute, prepare, settle
from tests.fixtures.rows import Rows, once_at
from tests.fixtures.zone_data import DAILY, NINE, NINE_BEFORE, Before

SILENCE = Silence()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LOCAL = DAILY | {"timezone": "recipient", "starts_at": "2026-01-01T00:00:00"}


class Listener(Silence):
    """A ringer that remembers which alarms were asked for."""

    def __init__(self) -> None:
        self.heard: set[object] = set()

    async def ring(self, work: Work) -> None:
        """Take the alarms."""
        self.heard |= work.alarms


async def test_what_is_concerned_moves_and_the_rest_stays(before: Before) -> None:
    """Nine o'clock in Berlin comes an hour earlier; another zone and one aware instant stay where they are."""
    daily = await before.reminder()
    tokyo = await before.reminder({**DAILY, "timezone": "Asia/Tokyo"})
    aware = await before.reminder({**once_at(NINE_BEFORE), "timezone": "Europe/Berlin"})
    report = await compute(before.rows.db, SILENCE)
    assert [await before.next_run_at(each) for each in (daily, tokyo, aware)] == [NINE, NINE_BEFORE, NINE_BEFORE]
    assert (report.looked_at, report.moved, report.by_zone) == (2, 1, {"Europe/Berlin": {"looked_at": 2, "moved": 1}})
    from_to = {"from": "2040-01-10T09:00:00Z", "to": "2040-01-10T08:00:00Z"}
    assert report.examples == [{"reminder_id": str(daily), "timezone": "Europe/Berlin"} | from_to]


async def test_the_second_time_there_is_nothing_to_do(before: Before) -> None:
    """The version is kept with the rules, the report with the version; nobody's edits are touched."""
    daily = await before.reminder()
    first = await settle(before.rows.db, SILENCE)
    assert first is not None
    assert await settle(before.rows.db, SILENCE) is None
    last = (await before.rows.all(recomputations))[-1]
    assert (last.version, last.former_version, last.report["moved"]) == (zones.VERSION, "2020a", 1)
    assert last.ended_at is not None
    row = await before.rows.one(reminders, daily)
    assert (row.next_run_at, row.version, row.status) == (NINE, 1, "active")


async def test_a_dry_run_writes_nothing(before: Before) -> None:
    """It tells the same as the real one, which still finds everything to do."""
    daily = await before.reminder()
    told = await compute(before.rows.db, SILENCE, dry_run=True)
    assert await before.next_run_at(daily) == NINE_BEFORE
    assert await compute(before.rows.db, SILENCE) == told


async def test_moved_reminders_get_an_alarm(before: Before) -> None:
    """One that has come to lie in the past is due at once; paused and deleted ones ring for nothing, but move."""
    listener = Listener()
    await before.reminder()
    asleep = [await before.reminder(status=status) for status in ("paused", "deleted")]
    await compute(before.rows.db, listener)
    assert listener.heard == {NINE}
    assert [await before.next_run_at(each) for each in asleep] == [NINE, NINE]


async def test_what_has_become_late_fires_late_and_once(before: Before) -> None:
    """Nine o'clock was to be at 09:00Z and should have been at 08:00Z: it fires now, for 08:00Z, and tomorrow again."""
    daily = await before.reminder()
    await compute(before.rows.db, SILENCE)
    claimed, _ = await before.rows.claim(NINE_BEFORE - HOUR / 2)
    assert claimed.reminders == 1
    assert (await before.rows.claim(NINE_BEFORE))[0].reminders == 0
    assert await before.next_run_at(daily) == NINE + DAY


async def test_nothing_fires_twice(before: Before) -> None:
    """Fired today by the old rules before the new ones came: the next one is tomorrow's."""
    ahead = zones.rules("Europe/Helsinki")
    await before.rows.execute("update zone_rules set rules = :r where name = 'Europe/Berlin'", r=ahead)
    fired = NINE - HOUR
    daily = await before.reminder(last_run_at=fired, next_run_at=fired + DAY)
    await compute(before.rows.db, SILENCE)
    assert await before.next_run_at(daily) == NINE + DAY
    assert (await before.rows.claim(NINE))[0].reminders == 0


async def test_an_older_process_leaves_it_alone_until_nobody_newer_is_there(before: Before) -> None:
    """While versions are rolled out both run, and must not move everything to and fro; taken back, the older wins."""
    daily = await before.reminder()
    await before.rows.execute("update recomputations set version = '2999z', seen_at = now() - interval '23 hours'")
    assert await settle(before.rows.db, SILENCE) is None
    assert await before.next_run_at(daily) == NINE_BEFORE
    await before.rows.execute("update recomputations set seen_at = now() - interval '25 hours'")
    assert await settle(before.rows.db, SILENCE) is not None
    assert await before.next_run_at(daily) == NINE


async def test_what_an_older_process_planned_afterwards_is_found(before: Before) -> None:
    """For a day after a change it is looked at again every hour."""
    await compute(before.rows.db, SILENCE)
    late = await before.reminder()
    office = await before.reminder({**DAILY, "expression": "0 9-17 * * *"})
    assert await settle(before.rows.db, SILENCE) is None
    await before.rows.execute("update recomputations set seen_at = now() - interval '61 minutes'")
    report = await settle(before.rows.db, SILENCE)
    assert report is not None
    assert report.moved == 1
    # Nine by the old rules or ten by the new ones: it cannot be told, so it stays.
    assert [await before.next_run_at(each) for each in (late, office)] == [NINE, NINE_BEFORE]


async def test_only_one_process_does_it(before: Before) -> None:
    """Whoever comes second is told so, or passes by; nothing is counted twice."""
    await before.reminder()
    async with before.rows.db.connect() as conn:
        await conn.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        with pytest.raises(UnderWay):
            await compute(before.rows.db, SILENCE)
        assert await settle(before.rows.db, SILENCE) is None
        # Closing the connection would let go of it as well, but a moment later.
        await conn.execute(text("select pg_advisory_unlock(:lock)"), {"lock": LOCK})
    reports = await asyncio.gather(*(settle(before.rows.db, SILENCE) for _ in range(3)))
    assert sum(report.moved for report in reports if report) == 1


async def test_whoever_starts_waits_for_the_one_at_it(before: Before) -> None:
    """A claim by new data of what the old have planned could fire one occurrence twice; so nobody claims before."""
    await before.reminder()
    async with before.rows.db.connect() as conn:
        await conn.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        starting = asyncio.create_task(prepare(before.rows.db, SILENCE))
        assert await asyncio.wait({starting}, timeout=0.3) == (set(), {starting})
        await conn.execute(text("select pg_advisory_unlock(:lock)"), {"lock": LOCK})
    await asyncio.wait_for(starting, 5)
    assert [row.next_run_at for row in await before.rows.all(reminders)] == [NINE]


async def test_a_reminder_that_somebody_holds_comes_later(before: Before) -> None:
    """Nobody waits for a lock: the others are done meanwhile, and this one as soon as it is let go."""
    held, free = await before.reminder(), await before.reminder()
    async with before.rows.db.connect() as conn:
        await conn.execute(text("select from reminders where id = :id for update"), {"id": held})
        computing = asyncio.create_task(compute(before.rows.db, SILENCE))
        while await before.next_run_at(free) != NINE:
            await asyncio.sleep(0.01)
        assert await before.next_run_at(held) == NINE_BEFORE
    report = await computing
    assert (report.moved, report.busy) == (2, 0)
    assert await before.next_run_at(held) == NINE


async def test_what_is_held_all_the_time_is_told(before: Before) -> None:
    """It is counted as busy, and found by the look an hour later."""
    await before.reminder()
    async with before.rows.db.connect() as conn:
        await conn.execute(text("select from reminders for update"))
        assert (await compute(before.rows.db, SILENCE)).busy == 1
    await before.rows.execute("update recomputations set seen_at = now() - interval '2 hours'")
    found = await settle(before.rows.db, SILENCE)
    assert found is not None
    assert found.moved == 1


async def test_one_that_cannot_be_planned_stops_nobody(before: Before) -> None:
    """It is counted and named in the report, and stays as it is."""
    broken = await before.reminder({"kind": "nonsense", "timezone": "Europe/Berlin"})
    sound = await before.reminder()
    report = await compute(before.rows.db, SILENCE)
    assert (report.unreadable, report.unreadable_ids) == (1, [str(broken)])
    assert await before.next_run_at(sound) == NINE


async def test_a_long_table_is_taken_in_windows(before: Before) -> None:
    """However many windows it takes, each reminder is looked at once."""
    for _ in range(7):
        await before.reminder()
    rules = {name: zones.rules(name) for name in zones.names()}
    sizes, more = [], True
    async with begin(before.rows.db) as work:
        course = await zone_rules.compare(work, zones.VERSION, rules)
        while more:
            more, _ = await batch(work, course, window=3)
            sizes.append(course.report.looked_at)
    assert sizes == [3, 6, 7]
    assert {row.next_run_at for row in await before.rows.all(reminders)} == {NINE}


class Interrupted:
    """A connection between whose reading and writing somebody else skips an occurrence."""

    def __init__(self, conn: AsyncConnection, rows: Rows) -> None:
        self.conn, self.rows = conn, rows

    async def exec_driver_sql(self, statement: str, values: tuple[object, ...]) -> object:
        """Let the other one go first, before anything is written."""
        if "update reminders" in statement:
            await self.rows.execute("update reminders set next_run_at = :at", at=NINE + DAY)
        return await self.conn.exec_driver_sql(statement, values)


async def test_what_somebody_changed_meanwhile_is_not_overwritten(before: Before) -> None:
    """A row is written only as it was read; this one comes later, by what it is then."""
    reminder_id = await before.reminder()
    rules = {name: zones.rules(name) for name in zones.names()}
    async with begin(before.rows.db) as work:
        course = await zone_rules.compare(work, zones.VERSION, rules)
        work.conn = cast("AsyncConnection", Interrupted(work.conn, before.rows))
        assert await batch(work, course) == (False, [reminder_id])
    assert (course.report.moved, await before.next_run_at(reminder_id)) == (0, NINE + DAY)


async def test_the_last_instant_of_a_count_follows(before: Before) -> None:
    """An end that is kept as an instant moves with its local anchor, or the last occurrence would be cut off."""
    elapsed = {
        "kind": "interval",
        "timezone": "Europe/Berlin",
        "every": "P1D",
        "starts_at": "2040-01-10T09:00:00",
        "count": 2,
        "last_at": "2040-01-11T09:00:00Z",
    }
    reminder_id = await before.reminder(elapsed)
    await compute(before.rows.db, SILENCE)
    row = await before.rows.one(reminders, reminder_id)
    assert (row.next_run_at, row.schedule) == (NINE, {**elapsed, "last_at": "2040-01-11T08:00:00Z"})


async def test_one_that_the_new_rules_leave_out_ends(before: Before) -> None:
    """A single local time that falls into a gap and is to be skipped there has nothing to come."""
    never = {"kind": "once", "timezone": "Europe/Berlin", "at": "2040-03-25T02:30:00", "dst_gap": "skip"}
    await before.rows.execute("update zone_rules set rules = :r where name = 'Europe/Berlin'", r=zones.rules("UTC"))
    reminder_id = await before.reminder(never, next_run_at=NINE.replace(month=3, day=25, hour=2, minute=30))
    assert (await compute(before.rows.db, SILENCE)).ended == 1
    row = await before.rows.one(reminders, reminder_id)
    assert (row.status, row.next_run_at) == ("expired", None)


async def test_the_first_time_everything_stays(rows: Rows) -> None:
    """With nothing to compare with, what is planned counts as planned by these rules, and they are kept."""
    _, reminder_id = await rows.solo(schedule=DAILY, next_run_at=NINE_BEFORE)
    report = await settle(rows.db, SILENCE)
    assert report is not None
    assert report.looked_at == 0
    assert (await rows.one(reminders, reminder_id)).next_run_at == NINE_BEFORE
    async with rows.db.connect() as conn:
        kept = (await conn.execute(text("select name, rules from zone_rules"))).all()
    assert {row.name: row.rules for row in kept} == {name: zones.rules(name) for name in zones.names()}


async def test_what_waits_for_everybodys_own_clock_follows(before: Before) -> None:
    """Nine o'clock on the clocks of Kiritimati and Berlin: what waits for Berlin's, and what is planned, moves."""
    people = [await before.rows.person(timezone=zone) for zone in ("Pacific/Kiritimati", "Europe/Berlin")]
    for person in people:
        await before.rows.address(value=f"{person}@example.com", user_id=person)
    team_id = await before.rows.team(*people)
    nine = NINE_BEFORE.replace(tzinfo=None)
    first = NINE_BEFORE.replace(day=9, hour=19)
    coming = {"next_run_at": first, "next_local": nine, "next_zone": "Pacific/Kiritimati"}
    await before.rows.reminder(team_id, people[0], schedule=LOCAL, **coming)
    await before.rows.claim(first)
    await before.rows.execute(
        "update deliveries set deliver_at = :at, due_at = :at where timezone = 'Europe/Berlin'", at=NINE_BEFORE
    )
    await before.rows.execute(
        "update zone_rules set rules = :r where name = 'Pacific/Kiritimati'", r=zones.rules("UTC")
    )
    await before.rows.execute("update reminders set next_run_at = :at", at=NINE_BEFORE + DAY)
    report = await compute(before.rows.db, SILENCE)
    assert report.teams == 1
    assert sorted(row.deliver_at for row in await before.rows.all(deliveries)) == [first, NINE]
    assert [row.next_run_at for row in await before.rows.all(reminders)] == [first + DAY]
