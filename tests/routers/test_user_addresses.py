"""My addresses: unique, masked where secret, and final when they go."""

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from core.settings import Settings
from crud.addresses import opened
from models import addresses
from tests.fixtures.api import Person, Register

HOOK = "https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx"


async def test_addresses_are_added_and_listed_in_pages(signed_in: Person) -> None:
    """After the account's own mail address come those that were added, in order, page by page."""
    made = await signed_in.post("/users/me/addresses", json={"kind": "slack", "value": " C024BE91L ", "label": "Ops"})
    assert made.status_code == 201
    assert (made.json()["value"], made.json()["label"], made.json()["verified"]) == ("C024BE91L", "Ops", True)
    first = (await signed_in.get("/users/me/addresses?limit=1")).json()
    second = (await signed_in.get(f"/users/me/addresses?limit=1&cursor={first['next_cursor']}")).json()
    assert [page["items"][0]["kind"] for page in (first, second)] == ["email", "slack"]
    assert second["next_cursor"] is None


async def test_a_secret_value_is_masked_and_sealed(app: FastAPI, settings: Settings, signed_in: Person) -> None:
    """A webhook's address is neither shown nor readable in the database, and opens for its channel."""
    made = await signed_in.post("/users/me/addresses", json={"kind": "slack", "value": HOOK})
    assert "abcdefghijkl" not in made.text
    async with app.state.database.connect() as conn:
        row = (await conn.execute(select(addresses).where(addresses.c.kind == "slack"))).one()
    assert "abcdefghijkl" not in str(row)
    assert opened(settings, row) == HOOK


async def test_the_same_address_is_there_once(signed_in: Person) -> None:
    """Adding it again, written differently, is 409; once it is removed it may come back."""
    body = {"kind": "email", "value": "ada@example.org"}
    made = (await signed_in.post("/users/me/addresses", json=body)).json()
    again = await signed_in.post("/users/me/addresses", json=body | {"value": " ada@EXAMPLE.org"})
    assert (again.status_code, again.json()["code"]) == (409, "address_exists")
    assert (await signed_in.delete(f"/users/me/addresses/{made['id']}")).status_code == 204
    assert (await signed_in.post("/users/me/addresses", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "pigeon", "value": "x"}, "kind", "unknown_channel"),
        ({"kind": "slack", "value": "not an id"}, "value", "invalid_address"),
        ({"kind": "slack", "value": "https://evil.example/services/x"}, "value", "invalid_address"),
        ({"kind": "email", "value": "x"}, "value", "invalid_address"),
        ({"kind": "email"}, "value", "missing"),
    ],
)
async def test_what_is_no_address(signed_in: Person, body: dict[str, str], field: str, code: str) -> None:
    """A value that its channel cannot use is refused, with field and code."""
    answer = await signed_in.post("/users/me/addresses", json=body)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


async def test_an_address_is_disabled_and_enabled(signed_in: Person) -> None:
    """Its owner can switch an address off and on again."""
    [mine] = (await signed_in.get("/users/me/addresses")).json()["items"]
    path = f"/users/me/addresses/{mine['id']}"
    off = (await signed_in.patch(path, json={"disabled": True})).json()
    assert (off["disabled"], off["disabled_reason"], off["version"]) == (True, "by_owner", 2)
    on = (await signed_in.patch(path, json={"disabled": False, "label": "Home"})).json()
    assert (on["disabled"], on["disabled_reason"], on["label"]) == (False, None, "Home")
    assert (await signed_in.patch(path, json={"label": "x"}, headers={"If-Match": '"1"'})).status_code == 412


async def test_somebody_elses_address_is_not_there(register: Register, signed_in: Person) -> None:
    """Reading the list, changing and removing show nothing of other people's addresses."""
    ada = await register()
    [mine] = (await signed_in.get("/users/me/addresses")).json()["items"]
    path = f"/users/me/addresses/{mine['id']}"
    assert mine["id"] not in (await ada.get("/users/me/addresses")).text
    assert (await ada.patch(path, json={"label": "x"})).status_code == 404
    assert (await ada.delete(path)).status_code == 404
    assert (await signed_in.get("/users/me/addresses")).json()["items"] == [mine]


async def test_where_mailboxes_are_to_be_proven_nothing_else_goes_around_it(app: FastAPI, signed_in: Person) -> None:
    """Whoever has not proven their mailbox reaches nobody by Slack either; once proven, other addresses count."""
    app.state.settings = app.state.settings.model_copy(update={"email_verification": "required"})
    verified = []
    for proven, value in (("null", "U0AAAAAAA"), ("now()", "U0BBBBBBB")):
        async with app.state.database.begin() as conn:
            await conn.execute(text(f"update users set email_verified_at = {proven}"))
        made = await signed_in.post("/users/me/addresses", json={"kind": "slack", "value": value})
        verified.append(made.json()["verified"])
    mailbox = await signed_in.post("/users/me/addresses", json={"kind": "email", "value": "new@example.com"})
    assert [*verified, mailbox.json()["verified"]] == [False, True, False]
