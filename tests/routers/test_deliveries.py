"""Deliveries as people see them, and sending them again by hand."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.fixtures.reminders import Crowd, Fire, once

Meddle = Callable[[str], Awaitable[None]]


@pytest.fixture
def meddle(app: FastAPI) -> Meddle:
    """A way to states of deliveries that take a provider to reach."""

    async def meddle(assignment: str) -> None:
        async with app.state.database.begin() as conn:
            await conn.execute(text(f"update deliveries set {assignment}"))

    return meddle


@pytest.fixture
async def fired(crowd: Crowd, fire: Fire) -> dict[str, Any]:
    """A reminder for its creator alone that has fired; its one delivery waits."""
    body = once(audience={"kind": "creator"})
    made: dict[str, Any] = (await crowd.member.post(crowd.reminders, json=body)).json()
    await fire(made["next_run_at"])
    return made


async def only(crowd: Crowd, **params: str) -> dict[str, Any]:
    """Read the one delivery that there is."""
    items: list[dict[str, Any]] = (await crowd.viewer.get("/deliveries", params=params)).json()["items"]
    assert len(items) == 1
    return items[0]


async def test_a_waiting_delivery(crowd: Crowd, fired: dict[str, Any]) -> None:
    """Before anything is sent, a delivery says what it is for, to whom and when."""
    shown = await only(crowd, status="pending")
    assert (shown["channel"], shown["kind"], shown["seq"]) == ("email", "first", 1)
    assert (shown["user_id"], shown["address"]) == (crowd.member.user["id"], crowd.member.user["email"])
    assert (shown["reminder_id"], shown["scheduled_for"]) == (fired["id"], fired["next_run_at"])
    assert (shown["attempts"], shown["lateness_ms"], shown["delivered_at"]) == ([], None, None)
    assert (await crowd.viewer.get(f"/deliveries/{shown['id']}")).json() == shown
    beside = await crowd.viewer.get(f"/occurrences/{shown['occurrence_id']}/deliveries")
    assert beside.json()["items"] == [shown]


async def test_attempts_are_listed_with_the_one_under_way(
    crowd: Crowd, fired: dict[str, Any], meddle: Meddle, app: FastAPI
) -> None:
    """Closed attempts show their outcome; the one under way shows none, and whether it is the last."""
    await meddle(
        "status = 'sending', lease_token = uuidv7(), lease_until = now(), started_at = now(), attempt_count = 1,"
        " cancel_reason = 'deleted'"
    )
    async with app.state.database.begin() as conn:
        closed = "select team_id, id, 1, 'transient', now(), now(), '451 later' from deliveries"
        columns = "team_id, delivery_id, n, outcome, started_at, finished_at, detail"
        await conn.execute(text(f"insert into attempts ({columns}) {closed}"))
    shown = await only(crowd, reminder_id=fired["id"])
    assert [(attempt["n"], attempt["outcome"], attempt["detail"]) for attempt in shown["attempts"]] == [
        (1, "transient", "451 later"), (2, None, None),
    ]  # fmt: skip
    assert (shown["status"], shown["cancel_reason"]) == ("sending", "deleted")


@pytest.mark.usefixtures("fired")
async def test_lateness_is_counted_from_the_nominal_instant(crowd: Crowd, meddle: Meddle) -> None:
    """Lateness reaches from the scheduled instant to the provider's acceptance, whatever was postponed between."""
    await meddle(
        "status = 'delivered', deliver_at = now() + interval '1 day', delivered_at ="
        " (select scheduled_for from occurrences) + interval '1.25 s'"
    )
    assert (await only(crowd))["lateness_ms"] == 1250


async def test_lists_are_by_status_and_page(crowd: Crowd, fire: Fire) -> None:
    """A list narrows to a status, and pages hold every delivery once."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await fire(made["next_run_at"])
    assert (await crowd.viewer.get("/deliveries", params={"status": "dead"})).json()["items"] == []
    first = (await crowd.viewer.get("/deliveries", params={"limit": 3})).json()
    rest = (await crowd.viewer.get("/deliveries", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 4
    assert rest["next_cursor"] is None
    assert (await crowd.viewer.get("/deliveries", params={"status": "lost"})).status_code == 422


@pytest.mark.usefixtures("fired")
@pytest.mark.parametrize("status", ["dead", "expired"])
async def test_what_has_failed_is_sent_once_more(crowd: Crowd, meddle: Meddle, status: str) -> None:
    """A retry of what has ended in failure is a new delivery; the old one stays as evidence."""
    await meddle(f"status = '{status}', reason = 'no_such_user'")
    failed = await only(crowd)
    again = await crowd.member.post(f"/deliveries/{failed['id']}/retry")
    shown = again.json()
    assert (again.status_code, shown["status"], shown["kind"], shown["seq"]) == (200, "pending", "replay", 1)
    assert shown["id"] != failed["id"]
    assert shown["address_id"] == failed["address_id"]
    assert (await crowd.viewer.get(f"/deliveries/{failed['id']}")).json() == failed


@pytest.mark.usefixtures("fired")
async def test_what_is_sent_again_is_sent_once(crowd: Crowd, meddle: Meddle) -> None:
    """While a retry is under way or has arrived there is no second one; when it has failed too, there is."""
    await meddle("status = 'dead'")
    retry = f"/deliveries/{(await only(crowd))['id']}/retry"
    assert (await crowd.member.post(retry)).json()["seq"] == 1
    for status in ("pending", "blocked", "delivered"):
        await meddle(f"status = '{status}' where kind = 'replay'")
        refused = await crowd.member.post(retry)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_retryable")
    await meddle("status = 'dead' where kind = 'replay'")
    assert (await crowd.member.post(retry)).json()["seq"] == 2


@pytest.mark.usefixtures("fired")
@pytest.mark.parametrize("status", ["blocked", "quarantined"])
async def test_what_was_held_goes_on(crowd: Crowd, meddle: Meddle, status: str) -> None:
    """A retry of what is held for a person continues the same delivery."""
    await meddle(f"status = '{status}', reason = 'not_configured', deaths = 3")
    held = await only(crowd)
    again = (await crowd.member.post(f"/deliveries/{held['id']}/retry")).json()
    assert (again["id"], again["status"], again["reason"], again["kind"]) == (held["id"], "pending", None, "first")


@pytest.mark.usefixtures("fired")
@pytest.mark.parametrize("status", ["pending", "delivered", "suppressed", "cancelled"])
async def test_what_has_not_failed_is_not_sent_again(crowd: Crowd, meddle: Meddle, status: str) -> None:
    """What waits, has arrived or was called off cannot be retried."""
    await meddle(f"status = '{status}'")
    answer = await crowd.member.post(f"/deliveries/{(await only(crowd))['id']}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable")


async def test_final_is_final(crowd: Crowd, fired: dict[str, Any], meddle: Meddle) -> None:
    """What is done, deleted or goes to an address that is gone is not sent again."""
    await meddle("status = 'dead'")
    retry = f"/deliveries/{(await only(crowd))['id']}/retry"
    address = (await crowd.member.get("/users/me/addresses")).json()["items"][0]
    await crowd.member.patch(f"/users/me/addresses/{address['id']}", json={"disabled": True})
    assert (await crowd.member.post(retry)).status_code == 409
    await crowd.member.patch(f"/users/me/addresses/{address['id']}", json={"disabled": False})
    await crowd.member.post(f"/reminders/{fired['id']}/acknowledge")
    assert (await crowd.member.post(retry)).status_code == 409
