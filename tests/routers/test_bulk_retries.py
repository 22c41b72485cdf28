"""Sending what failed again, all of a team at once."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text

from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd, Fire, once

Break = Callable[[str], Awaitable[None]]


@pytest.fixture
async def fired(crowd: Crowd, fire: Fire) -> list[dict[str, Any]]:
    """Three reminders for their creator that have fired."""
    body = once(audience={"kind": "creator"})
    made = [(await crowd.member.post(crowd.reminders, json=body)).json() for _ in range(3)]
    await fire(max(each["next_run_at"] for each in made))
    return made


@pytest.fixture
def fail(app: FastAPI) -> Break:
    """A way to states of deliveries that take a provider to reach."""

    async def fail(status: str) -> None:
        async with app.state.database.begin() as conn:
            await conn.execute(text("update deliveries set status = :status"), {"status": status})

    return fail


async def retry(person: Person, crowd: Crowd, **body: Any) -> Response:
    """Ask for what failed in the team to be sent again."""
    return await person.post(f"/teams/{crowd.team_id}/deliveries/retry", json=body)


@pytest.mark.parametrize(("status", "kind"), [("dead", "replay"), ("expired", "replay"), ("blocked", "first")])
async def test_what_failed_is_sent_again_once(
    crowd: Crowd, fired: list[dict[str, Any]], fail: Break, status: str, kind: str
) -> None:
    """Failures get a delivery of their own, what was held goes on; asked at once again, there is nothing left."""
    await fail(status)
    answer = (await retry(crowd.member, crowd)).json()
    assert [(item["kind"], item["status"]) for item in answer["items"]] == [(kind, "pending")] * len(fired)
    assert answer["more"] is False
    assert (await retry(crowd.member, crowd)).json() == {"items": [], "more": False}


async def test_what_is_asked_for(crowd: Crowd, fired: list[dict[str, Any]], fail: Break) -> None:
    """A reminder, a channel, a state and a time narrow it down."""
    await fail("dead")
    for none in ({"channel": "slack"}, {"statuses": ["blocked"]}, {"created_before": "2026-01-01T00:00:00Z"}):
        assert (await retry(crowd.member, crowd, **none)).json()["items"] == []
    [one] = (await retry(crowd.member, crowd, reminder_id=fired[0]["id"], channel="email")).json()["items"]
    assert one["reminder_id"] == fired[0]["id"]


async def test_what_is_final_stays_so(crowd: Crowd, fired: list[dict[str, Any]], fail: Break) -> None:
    """What is acknowledged or deleted is left out, and so is what goes to an address that is removed."""
    await crowd.member.post(f"/reminders/{fired[0]['id']}/acknowledge")
    await crowd.member.delete(f"/reminders/{fired[1]['id']}")
    await fail("dead")
    assert [item["reminder_id"] for item in (await retry(crowd.member, crowd)).json()["items"]] == [fired[2]["id"]]
    await fail("dead")
    [address] = (await crowd.member.get("/users/me/addresses")).json()["items"]
    await crowd.member.delete(f"/users/me/addresses/{address['id']}")
    assert (await retry(crowd.member, crowd)).json()["items"] == []


async def test_roles(crowd: Crowd, fired: list[dict[str, Any]], fail: Break) -> None:
    """Viewers may not, strangers see no team, and other teams' failures are their own."""
    await fail("dead")
    assert (await retry(crowd.viewer, crowd)).status_code == 403
    assert (await retry(crowd.stranger, crowd)).status_code == 404
    own = await crowd.stranger.post(f"/teams/{crowd.stranger.team_id}/deliveries/retry")
    assert (own.status_code, own.json()["items"]) == (200, [])
    assert len(fired) == 3
