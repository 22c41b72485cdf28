"""Preview equals plan: what a schedule says beforehand is what the claim does, instant by instant."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.work import Work, begin
from crud import recipients
from crud.occurrences import claim_due
from models import deliveries, occurrences
from schedules import plan
from schedules.preview import preview
from tests.fixtures.rows import Rows

# Late in February, so that a year of days passes both changes of daylight saving.
NOW = datetime(2027, 2, 24, 11, 17, 42, tzinfo=UTC)
BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
SANTIAGO, CASABLANCA = "America/Santiago", "Africa/Casablanca"
START = {"starts_at": "2027-02-25T02:30:00"}


def cron(expression: str, timezone: str = BERLIN, **fields: Any) -> dict[str, Any]:
    """Return a cron schedule."""
    return {"kind": "cron", "expression": expression, "timezone": timezone} | fields


def rrule(rule: str, timezone: str = BERLIN, **fields: Any) -> dict[str, Any]:
    """Return a schedule of RFC 5545 at half past two, which some days do not have and some have twice."""
    return {"kind": "rrule", "rrule": rule, "timezone": timezone} | START | fields


SCHEDULES = {
    "interval": {"kind": "interval", "every": "PT7H"},
    "daily over gap and fold": cron("30 2 * * *"),
    "twice an hour in the gap": cron("0,30 1,2,3 * * *"),
    "both passes": cron("30 2 * * *", dst_fold="both", dst_gap="skip"),
    "second pass": cron("45 1 * * *", LORD_HOWE, dst_fold="second"),
    "running clock": cron("*/20 0-3 * * *", NEW_YORK),
    "midnight that is missing": cron("0 0 * * *", SANTIAGO),
    "last Friday": cron("0 16 * * 5L"),
    "Ramadan": cron("15 2 * * *", CASABLANCA),
    "days": rrule("FREQ=DAILY;INTERVAL=2"),
    "weekdays": rrule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", NEW_YORK),
    "months": rrule("FREQ=MONTHLY;BYDAY=-1SU"),
    "the 31st": rrule("FREQ=MONTHLY;BYMONTHDAY=31", LORD_HOWE),
    "hours that elapse": rrule("FREQ=HOURLY;INTERVAL=5"),
    "count": cron("0 9 * * *", count=150),
    "end": rrule("FREQ=DAILY", ends_at="2027-06-01T02:30:00"),
    "exceptions": cron("0 9 * * *", exclude=["2027-03-01"], include=["2027-03-01T10:00:00", "2027-03-28T02:30:00"]),
    "holidays left out": cron("0 9 * * MON-FRI", holidays="DE", on_holiday="skip"),
    "holidays moved": rrule("FREQ=WEEKLY;BYDAY=MO", holidays="DE-BY", on_holiday="after"),
    "holidays moved back": cron("0 9 1 * *", NEW_YORK, holidays="US-CA", on_holiday="before"),
}


def foreseen(spec: dict[str, Any], count: int, zone: str = BERLIN) -> list[datetime]:
    """Return what the preview says, page by page."""
    found: list[datetime] = []
    while len(found) < count:
        after = found[-1] if found else None
        page = preview(spec, now=NOW, after=after, count=100, timezone=zone)["occurrences"]
        found += [datetime.fromisoformat(each["at"]) for each in page]
        if not page:
            break
    return found[:count]


async def add(rows: Rows, spec: dict[str, Any], *zones: str) -> tuple[UUID, dict[str, UUID]]:
    """Write a reminder for somebody in each zone, as creating it would; return it and the people."""
    people = {}
    for zone in zones or (BERLIN,):
        people[zone] = await rows.person(timezone=zone)
        await rows.address(user_id=people[zone])
    stored = plan.save(spec, now=NOW, timezone=BERLIN)
    first = None if spec["timezone"] == "recipient" else plan.load(stored).first(NOW)
    at = first.at if first else None
    team_id = await rows.team(*people.values())
    reminder_id = await rows.reminder(team_id, next(iter(people.values())), schedule=stored, next_run_at=at)
    if first is None:
        async with begin(rows.db) as work:
            work.now = NOW
            await recipients.begin(work, team_id, reminder_id)
    return reminder_id, people


async def drive(work: Work, claims: int) -> None:
    """Set the clock to each next run, and claim what is due then."""
    for _ in range(claims):
        at = (await work.conn.execute(text("select min(next_run_at) from reminders where status = 'active'"))).scalar()
        if at is None:
            return
        work.now = at
        assert (await claim_due(work, 100)).reminders


@pytest.mark.parametrize("name", SCHEDULES)
async def test_the_claim_does_what_the_preview_said(rows: Rows, name: str) -> None:
    """Two hundred claims, one after the other, open just the occurrences that were foreseen, for just then."""
    spec = {"timezone": BERLIN} | SCHEDULES[name]
    await add(rows, spec)
    async with begin(rows.db) as work:
        await drive(work, 200)
    opened = [row.scheduled_for for row in await rows.all(occurrences)]
    assert opened == foreseen(spec, 200)
    assert [row.deliver_at for row in await rows.all(deliveries)] == opened
    assert len(opened) > 50 or name in {"months", "the 31st"}


def drawn(chance: random.Random) -> dict[str, Any]:
    """Return some schedule that is possible."""
    hours = ",".join(str(hour) for hour in sorted(chance.sample(range(24), 3)))
    days = chance.choice(["* *", "* MON-FRI", "1,15,L *", "* SUN#1", "*/3 *", "31 *"]).split()
    expression = f"{chance.choice([0, 30, 59])} {hours} {days[0]} * {days[1]}"
    frequency = chance.choice(["DAILY", "WEEKLY", "MONTHLY;BYMONTHDAY=-1,28", "MONTHLY;BYDAY=2TU,-1SA", "HOURLY"])
    zone = chance.choice(["Asia/Beirut", "Africa/Cairo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia", LORD_HOWE])
    spec = chance.choice([cron(expression, zone), rrule(f"FREQ={frequency};INTERVAL={chance.randint(1, 3)}", zone)])
    if "HOURLY" not in str(spec.get("rrule")):
        spec |= {
            "dst_gap": chance.choice(["next_valid", "skip"]),
            "dst_fold": chance.choice(["first", "second", "both"]),
        }
    if chance.random() < 0.5:
        spec |= {
            "holidays": chance.choice(["DE", "US", "FR"]),
            "on_holiday": chance.choice(["skip", "before", "after"]),
        }
    return spec


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_the_schedule(rows: Rows, seed: int) -> None:
    """Schedules drawn by chance, several at once: each opens what was foreseen of it."""
    chance = random.Random(seed)
    specs = [drawn(chance) for _ in range(5)]
    added = [(await add(rows, spec))[0] for spec in specs]
    async with begin(rows.db) as work:
        await drive(work, 150)
    opened: dict[UUID, list[datetime]] = {}
    for row in await rows.all(occurrences):
        opened.setdefault(row.reminder_id, []).append(row.scheduled_for)
    for reminder_id, spec in zip(added, specs, strict=True):
        found = opened.get(reminder_id, [])
        assert found == foreseen(spec, len(found)), spec
    assert sum(map(len, opened.values())) >= 150


@pytest.mark.parametrize(
    "spec",
    [
        cron("30 2 * * *", "recipient", **START),
        cron("0,30 0,1,2,3 * * *", "recipient", dst_fold="both", **START),
        cron("0 9 1 * *", "recipient", holidays="DE", on_holiday="after", **START),
        rrule("FREQ=WEEKLY;BYDAY=SU", "recipient", dst_gap="skip", dst_fold="second"),
    ],
    ids=["daily", "in the gap", "holidays", "weekly"],
)
async def test_on_everybodys_own_clock_as_well(rows: Rows, spec: dict[str, Any]) -> None:
    """Each has it when the preview said so to them, whoever else has it earlier or later."""
    zones = ("Pacific/Kiritimati", LORD_HOWE, BERLIN, NEW_YORK, SANTIAGO, "Pacific/Honolulu")
    _, people = await add(rows, spec, *zones)
    async with begin(rows.db) as work:
        await drive(work, 200)
    sent: dict[UUID, list[datetime]] = {}
    for row in await rows.all(deliveries):
        if row.status == "pending":
            sent.setdefault(row.user_id, []).append(row.due_at)
    for zone, person in people.items():
        found = sorted(sent[person])
        expected = [at for at in foreseen(spec, len(found) + 5, zone) if at <= found[-1]]
        assert found == expected, zone
        assert len(found) >= 195


async def test_a_worker_that_was_away_catches_up_with_the_same(rows: Rows) -> None:
    """After three weeks the latest fires, what was missed is written down, and together they are what was foreseen."""
    spec = cron("0 9,17 * * *")
    await add(rows, spec)
    async with begin(rows.db) as work:
        work.now = NOW + timedelta(days=21)
        await claim_due(work, 100)
    rows_ = sorted(await rows.all(occurrences), key=lambda row: row.scheduled_for)
    assert [row.scheduled_for for row in rows_] == [at for at in foreseen(spec, 60) if at <= NOW + timedelta(days=21)]
    assert {row.status for row in rows_[:-1]} == {"expired"}
    assert rows_[-1].status == "open"
