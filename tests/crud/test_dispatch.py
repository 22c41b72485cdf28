"""Leases: fair claims, fenced results, and what each outcome means for a delivery."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import uuid7
from core.work import begin
from crud import deliveries as verbs
from crud import dispatch
from crud.dispatch import Lanes, Result
from models import addresses, attempts, deliveries, occurrences
from tests.fixtures.rows import Rows

FIRST = UUID(int=0)
SOON = timedelta(seconds=30)


async def lease(conn: AsyncConnection, free: int = 64, **lanes: Any) -> list[Row[Any]]:
    """Lease what is due on the mail channel."""
    given = {"full_teams": (), "busy_addresses": (), "most_per_address": 8} | lanes
    return list(await dispatch.claim(conn, "email", Lanes(free, **given), token=uuid7(), after=FIRST))


async def leased(rows: Rows, conn: AsyncConnection, **values: Any) -> Row[Any]:
    """Write one due reminder and lease its delivery."""
    await rows.solo(**values)
    await rows.claim()
    [row] = await lease(conn)
    return row


async def test_a_lease_notes_the_start_before_any_io(rows: Rows, autocommit: AsyncConnection) -> None:
    """The row of a leased delivery is `sending`, has a start, and cannot be leased again."""
    row = await leased(rows, autocommit)
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.lease_token) == ("sending", row.lease_token)
    assert delivery.lease_until - delivery.started_at == timedelta(seconds=25)
    assert await lease(autocommit) == []


async def test_an_accepted_delivery_is_delivered_with_its_attempt(rows: Rows, autocommit: AsyncConnection) -> None:
    """The attempt is written closed, and the time of delivery is the start plus what it took."""
    row = await leased(rows, autocommit)
    result = Result(row, "accepted", elapsed=timedelta(seconds=2), ref="250 ok")
    assert await dispatch.record(autocommit, [result]) == {row.id}
    [delivery], [attempt] = await rows.all(deliveries), await rows.all(attempts)
    assert (delivery.status, delivery.provider_ref, delivery.attempt_count) == ("delivered", "250 ok", 1)
    assert delivery.delivered_at - delivery.started_at == timedelta(seconds=2)
    assert (attempt.n, attempt.outcome, attempt.finished_at) == (1, "accepted", delivery.delivered_at)


@pytest.mark.parametrize(
    ("outcome", "reason", "status"),
    [
        ("transient", None, "pending"),
        ("unknown", None, "pending"),
        ("permanent", "mailbox_unavailable", "dead"),
        ("blocked", "not_configured", "blocked"),
    ],
)
async def test_each_outcome_moves_the_delivery_on(
    rows: Rows, autocommit: AsyncConnection, outcome: str, reason: str | None, status: str
) -> None:
    """What can succeed later waits for its instant, what cannot says why."""
    row = await leased(rows, autocommit)
    await dispatch.record(autocommit, [Result(row, outcome, "said no", reason, retry_in=SOON)])
    [delivery], [attempt] = await rows.all(deliveries), await rows.all(attempts)
    assert (delivery.status, delivery.reason, delivery.last_error) == (status, reason, "said no")
    assert (attempt.outcome, attempt.detail) == (outcome, "said no")
    assert (delivery.deliver_at > delivery.started_at + SOON) == (status == "pending")
    assert await lease(autocommit) == []


async def test_a_delivery_is_given_up_by_age(rows: Rows, autocommit: AsyncConnection) -> None:
    """When the next try would come after seven days, the delivery is dead and says so."""
    row = await leased(rows, autocommit)
    await rows.execute("update deliveries set give_up_at = now() + interval '10 s'")
    await dispatch.record(autocommit, [Result(row, "transient", "greylisted", retry_in=SOON)])
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason) == ("dead", "gave_up")


async def test_a_lease_that_ran_out_is_taken_back_and_fences(rows: Rows, autocommit: AsyncConnection) -> None:
    """The attempt is closed as unknown, and the result of the sleeper changes nothing."""
    row = await leased(rows, autocommit)
    assert await dispatch.recover(autocommit) == set()
    await rows.execute("update deliveries set lease_until = now() - interval '1 s'")
    assert await dispatch.recover(autocommit) == {"email"}
    assert await dispatch.record(autocommit, [Result(row, "accepted")]) == set()
    [delivery], [attempt] = await rows.all(deliveries), await rows.all(attempts)
    assert (delivery.status, delivery.deaths, attempt.outcome) == ("pending", 1, "unknown")


async def test_three_deaths_quarantine(rows: Rows, autocommit: AsyncConnection) -> None:
    """A delivery that took three processes with it waits for a person."""
    await leased(rows, autocommit)
    for _ in range(3):
        await rows.execute("update deliveries set lease_until = now() - interval '1 s'")
        await dispatch.recover(autocommit)
        await lease(autocommit)
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason, delivery.attempt_count) == ("quarantined", "processes_died", 3)


async def test_what_became_pointless_while_sending_is_not_tried_again(rows: Rows, autocommit: AsyncConnection) -> None:
    """A pause during an attempt makes it the last one; if it is accepted all the same, that is said."""
    outcomes = {}
    for outcome in ("transient", "accepted"):
        row = await leased(rows, autocommit)
        async with begin(rows.db) as work:
            reminder_id = (await rows.one(occurrences, row.occurrence_id)).reminder_id
            await verbs.cancel(work, row.team_id, reminder_id, "paused")
        await dispatch.record(autocommit, [Result(row, outcome, retry_in=SOON)])
        delivery = await rows.one(deliveries, row.id)
        outcomes[outcome] = (delivery.status, delivery.reason, delivery.cancel_reason)
    assert outcomes == {"transient": ("cancelled", "paused", None), "accepted": ("delivered", None, None)}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("delete from memberships", "left_team"),
        ("update addresses set deleted_at = now()", "address_removed"),
        ("update addresses set disabled_at = now()", "address_disabled"),
    ],
)
async def test_who_left_while_a_claim_was_under_way_gets_nothing(
    rows: Rows, autocommit: AsyncConnection, change: str, reason: str
) -> None:
    """A row that a withdrawal could not see yet is cancelled when it is to be leased."""
    await rows.solo()
    await rows.claim()
    await rows.execute(change)
    assert await lease(autocommit) == []
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason) == ("cancelled", reason)


async def test_a_large_team_leaves_lanes_to_small_ones(rows: Rows, autocommit: AsyncConnection) -> None:
    """With forty due in one team and one in each of three others, a claim of eight takes from all four."""
    ada = await rows.person()
    for _ in range(40):
        await rows.address(f"{uuid7()}@example.com", user_id=ada)
    large = await rows.team(ada)
    await rows.reminder(large, ada)
    small = [(await rows.solo())[0] for _ in range(3)]
    await rows.claim()
    teams = Counter(row.team_id for row in await lease(autocommit, free=8))
    assert {team: teams[team] for team in small} == dict.fromkeys(small, 1)
    assert teams[large] == 2


async def test_one_destination_gets_few_lanes(rows: Rows, autocommit: AsyncConnection) -> None:
    """Of ten deliveries to one address only as many are leased as allowed, and none while it is busy."""
    ada = await rows.person()
    busy = await rows.address(user_id=ada)
    team_id = await rows.team(ada)
    for _ in range(10):
        await rows.reminder(team_id, ada)
    await rows.claim()
    assert len(await lease(autocommit, most_per_address=2)) == 2
    assert await lease(autocommit, busy_addresses=[busy]) == []
    assert await lease(autocommit, full_teams=[team_id]) == []


async def test_a_failing_destination_holds_what_waits_for_it(rows: Rows, autocommit: AsyncConnection) -> None:
    """Others to the same address wait without using attempts, until it works again."""
    ada = await rows.person()
    address = await rows.address(user_id=ada)
    team_id = await rows.team(ada)
    for _ in range(2):
        await rows.reminder(team_id, ada)
    await rows.claim()
    await dispatch.postpone(autocommit, {address: SOON})
    assert await lease(autocommit) == []
    held = await rows.one(addresses, address)
    assert {row.deliver_at for row in await rows.all(deliveries)} == {held.next_allowed_at}
    assert {row.attempt_count for row in await rows.all(deliveries)} == {0}
    await dispatch.revive(autocommit, [address])
    assert (await rows.one(addresses, address)).failures == 0


async def test_an_occurrence_that_waits_for_nobody_closes_with_its_last_delivery(
    rows: Rows, autocommit: AsyncConnection
) -> None:
    """Without a completion policy the occurrence is closed once nothing is under way."""
    row = await leased(rows, autocommit, completion=None)
    await dispatch.close_occurrences(autocommit, {(row.team_id, row.occurrence_id)})
    assert (await rows.one(occurrences, row.occurrence_id)).status == "open"
    await dispatch.record(autocommit, [Result(row, "accepted")])
    await dispatch.close_occurrences(autocommit, {(row.team_id, row.occurrence_id)})
    assert (await rows.one(occurrences, row.occurrence_id)).status == "closed"
