"""Addresses that go take along what waits for them."""

from typing import Any

import pytest

from core.work import begin
from crud import addresses
from crud.addresses import Owner
from models import addresses as table
from models import deliveries
from schemas.addresses import AddressUpdate
from tests.fixtures.rows import Rows


async def _fired(rows: Rows) -> tuple[Owner, Any]:
    await rows.solo()
    await rows.claim()
    [address] = await rows.all(table)
    return Owner(user_id=address.user_id), address


@pytest.mark.parametrize("verb", ["remove", "disable"])
async def test_what_waits_for_an_address_is_cancelled_with_it(rows: Rows, verb: str) -> None:
    """Removing or disabling an address cancels its pending deliveries in the same transaction."""
    owner, address = await _fired(rows)
    async with begin(rows.db) as work:
        if verb == "remove":
            await addresses.remove(work, owner, address.id, None)
        else:
            await addresses.change(work, owner, address.id, AddressUpdate(disabled=True), None)
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason) == ("cancelled", f"address_{verb}d")


async def test_a_new_label_cancels_nothing(rows: Rows) -> None:
    """Renaming an address leaves what waits for it alone."""
    owner, address = await _fired(rows)
    async with begin(rows.db) as work:
        await addresses.change(work, owner, address.id, AddressUpdate(label="Home"), {1})
    [delivery] = await rows.all(deliveries)
    assert delivery.status == "pending"
