"""Opt-outs, deactivation and erasure that meet what would send to somebody, or leave nobody in charge."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core import unsubscribe
from core.work import Work
from crud import addresses, deactivation, opt_outs
from crud.addresses import Owner
from crud.deactivation import LastOperator
from crud.deliveries import _WITHDRAW_FROM
from crud.occurrences import claim_due
from models import addresses as table
from models import deliveries, users
from models import opt_outs as opt_outs_kept
from tests.crud.test_query_plans import FILL_DELIVERIES, touched
from tests.fixtures.rows import DUE, Rows
from tests.races.meeting import Verb, commit, lease, second_passes, second_waits

NOW = datetime.now(UTC)


def stopping(rows: Rows, value_hash: bytes) -> Verb:
    """Return an opt-out of a mailbox."""
    token = unsubscribe.url(rows.settings, "email", value_hash).rsplit("/", 1)[1]

    async def verb(work: Work) -> None:
        await opt_outs.stop(work, rows.settings, token, source="page")

    return verb


async def claim(work: Work) -> None:
    """Fire what is due."""
    work.now = DUE
    await claim_due(work, 100)


async def mailbox(rows: Rows) -> tuple[Owner, bytes]:
    """Add somebody with a mailbox and a due reminder; return them and the mailbox's hash."""
    owner = Owner(user_id=await rows.person())

    async def verb(work: Work) -> None:
        await addresses.add(work, rows.settings, owner, "email", "ada@example.com", verified_at=NOW)

    await commit(rows, verb)
    assert owner.user_id is not None
    await rows.reminder(await rows.team(owner.user_id, role="owner"), owner.user_id)
    return owner, (await rows.all(table))[0].value_hash


async def test_whoever_enters_a_mailbox_meanwhile_waits_for_its_opt_out(rows: Rows) -> None:
    """The address that is added after the link was pressed, and before that commits, is disabled as well."""
    _, value_hash = await mailbox(rows)
    other = Owner(user_id=await rows.person())

    async def enter(work: Work) -> None:
        await addresses.add(work, rows.settings, other, "email", "ADA@example.com", verified_at=NOW)

    await second_waits(rows, stopping(rows, value_hash), enter)
    assert [row.disabled_reason for row in await rows.all(table)] == ["opted_out", "opted_out"]


async def test_an_opt_out_waits_for_whoever_enters_the_mailbox(rows: Rows) -> None:
    """And then finds the new address."""
    _, value_hash = await mailbox(rows)
    other = Owner(user_id=await rows.person())

    async def enter(work: Work) -> None:
        await addresses.add(work, rows.settings, other, "email", "ada@example.com", verified_at=NOW)

    await second_waits(rows, enter, stopping(rows, value_hash))
    assert [row.disabled_reason for row in await rows.all(table)] == ["opted_out", "opted_out"]
    async with rows.db.connect() as conn:
        assert len((await conn.execute(select(opt_outs_kept))).all()) == 1


async def test_what_fires_while_somebody_opts_out_is_not_sent(rows: Rows, autocommit: AsyncConnection) -> None:
    """The opt-out waits for a claim that has read the address before, and cancels what it wrote."""
    _, value_hash = await mailbox(rows)
    await second_waits(rows, claim, stopping(rows, value_hash))
    assert await lease(autocommit) == []
    assert [(row.status, row.reason) for row in await rows.all(deliveries)] == [("cancelled", "opted_out")]


async def test_what_waits_for_an_address_that_has_opted_out_is_not_leased(
    rows: Rows, autocommit: AsyncConnection
) -> None:
    """Whatever let it slip through: the address is looked at once more, and says why."""
    await mailbox(rows)
    await commit(rows, claim)
    await rows.execute("update addresses set disabled_at = now(), disabled_reason = 'opted_out'")
    assert await lease(autocommit) == []
    assert [(row.status, row.reason) for row in await rows.all(deliveries)] == [("cancelled", "opted_out")]


async def test_what_fires_while_somebody_is_deactivated_is_not_sent(rows: Rows, autocommit: AsyncConnection) -> None:
    """The same for people."""
    owner, _ = await mailbox(rows)
    assert owner.user_id is not None

    async def deactivate(work: Work) -> None:
        assert owner.user_id is not None
        await deactivation.deactivate(work, rows.settings, owner.user_id)

    await second_passes(rows, claim, deactivate)
    assert await lease(autocommit) == []
    assert [(row.status, row.reason) for row in await rows.all(deliveries)] == [("cancelled", "deactivated")]


async def test_two_operators_cannot_take_leave_of_each_other(rows: Rows) -> None:
    """The second waits, and then is the last."""
    first, second = await rows.person(is_operator=True), await rows.person(is_operator=True)

    async def shut_out_second(work: Work) -> None:
        await deactivation.deactivate(work, rows.settings, second)

    async def shut_out_first(work: Work) -> None:
        with pytest.raises(LastOperator):
            await deactivation.deactivate(work, rows.settings, first)

    await second_waits(rows, shut_out_second, shut_out_first)
    assert {row.id: row.status for row in await rows.all(users)} == {first: "active", second: "deactivated"}


async def test_withdrawing_reads_only_what_waits_for_the_address(rows: Rows) -> None:
    """Among twenty thousand deliveries that wait for others or are done it costs a handful of pages."""
    await rows.solo()
    await rows.claim()
    await rows.execute(FILL_DELIVERIES)
    await rows.solo()
    await rows.claim()
    await rows.execute("analyze")
    address_id = (await rows.all(table))[-1].id
    assert await touched(rows, _WITHDRAW_FROM, ([address_id], "opted_out")) < 60
