"""Dispatchers, sweepers and claims among themselves."""

import asyncio
from typing import Any

from core.work import Work, begin
from crud import history, occurrences, retries
from crud.access import Actor
from crud.dispatch import Result, record, recover
from crud.occurrences import claim_due
from crud.retries import NotRetryable
from models import attempts, deliveries, reminders
from models import occurrences as table
from tests.fixtures.rows import Rows
from tests.races.meeting import WAITS, commit, lease, second_waits


async def lost(rows: Rows) -> Any:
    """Write a delivery whose lease has run out, and return it as its first sender holds it."""
    await rows.solo()
    await rows.claim()
    async with rows.db.begin() as conn:
        [row] = await lease(conn)
    await rows.execute("update deliveries set lease_until = now() - interval '1 s'")
    return row


async def test_a_result_that_meets_a_recovery_is_fenced(rows: Rows) -> None:
    """The sleeper's result waits for the recovery, and then changes nothing."""
    row = await lost(rows)
    written: list[set[Any]] = []

    async def late(work: Work) -> None:
        written.append(await record(work.conn, [Result(row, "accepted")]))

    await second_waits(rows, lambda work: recover(work.conn), late)
    [delivery], [attempt] = await rows.all(deliveries), await rows.all(attempts)
    assert written == [set()]
    assert (delivery.status, delivery.deaths, attempt.outcome) == ("pending", 1, "unknown")


async def test_a_recovery_that_meets_a_result_passes_by(rows: Rows) -> None:
    """The result was first: it counts, though the lease had run out."""
    row = await lost(rows)
    async with begin(rows.db) as work:
        assert await record(work.conn, [Result(row, "accepted")]) == {row.id}
        async with asyncio.timeout(2), begin(rows.db) as sweep:
            assert await recover(sweep.conn) == set()
    [delivery], [attempt] = await rows.all(deliveries), await rows.all(attempts)
    assert (delivery.status, attempt.outcome) == ("delivered", "accepted")


async def test_the_fenced_sender_cannot_touch_the_next_attempt(rows: Rows) -> None:
    """Recovered and leased again, the delivery belongs to its new token alone."""
    row = await lost(rows)
    async with rows.db.begin() as conn:
        await recover(conn)
    async with rows.db.begin() as conn:
        [again] = await lease(conn)
    async with rows.db.begin() as conn:
        assert await record(conn, [Result(row, "permanent", reason="late")]) == set()
    async with rows.db.begin() as conn:
        assert await record(conn, [Result(again, "accepted")]) == {again.id}
    assert [attempt.outcome for attempt in await rows.all(attempts)] == ["unknown", "accepted"]


async def test_two_claims_share_what_is_due(rows: Rows) -> None:
    """A second claim takes what the first has not, without waiting; each reminder fires once."""
    for _ in range(4):
        await rows.solo()
    async with begin(rows.db) as first:
        assert (await claim_due(first, 3)).reminders == 3
        async with asyncio.timeout(2), begin(rows.db) as second:
            assert (await claim_due(second, 3)).reminders == 1
    assert len(await rows.all(deliveries)) == 4


async def test_two_dispatchers_share_what_is_due(rows: Rows) -> None:
    """What one has leased and not committed, the other passes by."""
    for _ in range(4):
        await rows.solo()
    await rows.claim()
    async with rows.db.begin() as first, rows.db.begin() as second:
        ids = [row.id for conn in (first, second) for row in await lease(conn)]
    assert len(ids) == len(set(ids)) == 4


async def test_a_retry_that_meets_an_acknowledgement_is_refused(rows: Rows) -> None:
    """Done is final: the retry waits for it, and then has nothing to send again."""
    _, reminder_id = await rows.solo()
    person = (await rows.one(reminders, reminder_id)).created_by
    await rows.claim()
    await rows.execute("update deliveries set status = 'dead', reason = 'gone'")
    [delivery], [occurrence] = await rows.all(deliveries), await rows.all(table)
    async with begin(rows.db) as work:
        seen = await history.occurrence(work, Actor(person), occurrence.id, at_least="member")
        ids = {"occurrence_id": seen.id, "by": person, "via": "api", "note": None}
        await occurrences.acknowledge(work, seen.team_id, **ids)
        retrying = asyncio.create_task(commit(rows, lambda other: retries.retry(other, Actor(person), delivery.id)))
        done, _ = await asyncio.wait({retrying}, timeout=WAITS)
        assert not done
    [refusal] = await asyncio.gather(retrying, return_exceptions=True)
    assert isinstance(refusal, NotRetryable)
    assert len(await rows.all(deliveries)) == 1
