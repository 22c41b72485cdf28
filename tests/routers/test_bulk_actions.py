"""One action on many reminders: all or none, and each as the single verb would leave it."""

import asyncio
from typing import Any

import pytest
from httpx2 import Response

from tests.fixtures.api import Person
from tests.fixtures.reminders import KEY, Crowd, Fire, hourly, once

EVERYBODYS = {"kind": "cron", "expression": "0 9 * * *", "timezone": "recipient", "starts_at": "2100-01-01T00:00:00"}
# What differs between two reminders that have been treated alike.
OWN = ("id", "created_at", "updated_at", "message")


async def act(person: Person, crowd: Crowd, action: str, *reminders: dict[str, Any], **fields: Any) -> Response:
    """Do one action on reminders of the team."""
    body = {"ids": [each["id"] for each in reminders]} | fields
    return await person.post(f"{crowd.reminders}/bulk/{action}", json=body)


async def several(crowd: Crowd) -> list[dict[str, Any]]:
    """Make one reminder of each sort, at instants that do not depend on when the test runs."""
    every = {"kind": "interval", "every": "PT1H", "starts_at": "2100-01-01T00:00:00Z"}
    at = {"kind": "once", "at": "2100-01-01T00:00:00Z"}
    bodies = [once(schedule=at), hourly(schedule=every), hourly(schedule=EVERYBODYS)]
    return [(await crowd.member.post(crowd.reminders, json=body)).json() for body in bodies]


async def single(crowd: Crowd, action: str, reminder: dict[str, Any]) -> dict[str, Any]:
    """Do the single verb, and read what it left."""
    path = f"/reminders/{reminder['id']}"
    await (crowd.member.delete(path) if action == "delete" else crowd.member.post(f"{path}/{action}"))
    listed = await crowd.member.get(crowd.reminders, params={"status": "deleted"} if action == "delete" else {})
    return next(each for each in listed.json()["items"] if each["id"] == reminder["id"])


BEFORE = {"resume": "pause", "restore": "delete"}


@pytest.mark.parametrize("action", ["pause", "resume", "skip", "delete", "restore"])
async def test_many_are_treated_as_one_is(crowd: Crowd, action: str) -> None:
    """After the action on many, each is what the single verb makes of its twin."""
    ones, many = await several(crowd), await several(crowd)
    if before := BEFORE.get(action):
        for each in ones:
            await single(crowd, before, each)
        await act(crowd.member, crowd, before, *many)
    answer = await act(crowd.member, crowd, action, *reversed(many))
    assert answer.status_code == 200
    items = list(reversed(answer.json()["items"]))
    assert [item["id"] for item in items] == [each["id"] for each in many]
    for item, twin in zip(items, [await single(crowd, action, each) for each in ones], strict=True):
        assert {name: item[name] for name in item if name not in OWN} == {
            name: twin[name] for name in twin if name not in OWN
        }


async def test_done_with_all_that_fired(crowd: Crowd, fire: Fire) -> None:
    """Acknowledging closes what is open of each and cancels what waits; a second time it changes nothing."""
    body = once()
    made = [(await crowd.member.post(crowd.reminders, json=body)).json() for _ in range(3)]
    await fire(made[0]["next_run_at"])
    idle = (await crowd.member.post(crowd.reminders, json=once())).json()
    refused = await act(crowd.member, crowd, "acknowledge", *made, idle)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_acknowledge")
    assert [each["field"] for each in refused.json()["errors"]] == ["ids.3"]
    assert (await crowd.member.get("/deliveries", params={"status": "cancelled"})).json()["items"] == []
    done = await act(crowd.member, crowd, "acknowledge", *made, note="Done")
    again = await act(crowd.member, crowd, "acknowledge", *made)
    assert (done.status_code, again.status_code) == (200, 200)
    assert (await crowd.member.get("/deliveries", params={"status": "pending"})).json()["items"] == []
    latest = (await crowd.member.get(f"/reminders/{made[0]['id']}/occurrences")).json()["items"][0]
    assert (latest["status"], latest["acknowledge_note"]) == ("acknowledged", "Done")


async def test_foreign_ones_are_not_there(crowd: Crowd) -> None:
    """Ids of other teams, also of one's own, are named with 404, and nothing is done to the others."""
    mine = (await crowd.member.post(crowd.reminders, json=once())).json()
    foreign = (await crowd.stranger.post("/reminders", json=once())).json()
    elsewhere = (await crowd.member.post("/reminders", json=once())).json()
    answer = await act(crowd.member, crowd, "pause", mine, foreign, elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert {each["field"] for each in answer.json()["errors"]} == {"ids.1", "ids.2"}
    assert (await crowd.member.get(f"/reminders/{mine['id']}")).json()["status"] == "active"
    assert (await act(crowd.viewer, crowd, "pause", mine)).status_code == 403
    assert (await act(crowd.stranger, crowd, "pause", mine)).status_code == 404


async def test_a_state_that_does_not_fit_refuses_all(crowd: Crowd) -> None:
    """One that is paused cannot be skipped; it is named, and the other keeps its next instant."""
    active, paused = [(await crowd.member.post(crowd.reminders, json=hourly())).json() for _ in range(2)]
    await act(crowd.member, crowd, "pause", paused)
    answer = await act(crowd.member, crowd, "skip", active, paused)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert [each["field"] for each in answer.json()["errors"]] == ["ids.1"]
    assert (await crowd.member.get(f"/reminders/{active['id']}")).json()["next_run_at"] == active["next_run_at"]


async def test_a_taken_key_is_named(crowd: Crowd) -> None:
    """Of two paused ones with one natural key neither can be resumed together with the other, or beside a third."""
    held = []
    for _ in range(2):
        held.append((await crowd.member.post(crowd.reminders, json=hourly(**KEY))).json())
        await act(crowd.member, crowd, "pause", held[-1])
    both = await act(crowd.member, crowd, "resume", *held)
    assert (both.status_code, both.json()["code"]) == (409, "already_active")
    assert len(both.json()["errors"]) == 2
    assert (await act(crowd.member, crowd, "resume", held[0])).status_code == 200
    other = await act(crowd.member, crowd, "resume", held[1])
    assert [each["field"] for each in other.json()["errors"]] == ["ids.0"]


async def test_fields_of_another_action_are_refused(crowd: Crowd) -> None:
    """What an action does not take is refused by name, because nothing is ignored."""
    mine = (await crowd.member.post(crowd.reminders, json=once())).json()
    for action, field in (("skip", "note"), ("acknowledge", "reason")):
        answer = await act(crowd.member, crowd, action, mine, **{field: "x"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    past = await act(crowd.member, crowd, "pause", mine, until="2026-01-01T00:00:00Z")
    assert (past.status_code, past.json()["code"]) == (422, "in_the_past")


async def test_opposite_orders_at_once(crowd: Crowd) -> None:
    """Two actions that name the same reminders in opposite orders wait for each other, and both succeed."""
    made = [(await crowd.member.post(crowd.reminders, json=hourly())).json() for _ in range(20)]
    answers = await asyncio.gather(
        *(act(crowd.member, crowd, "skip", *order) for order in (made, list(reversed(made)), made))
    )
    assert [answer.status_code for answer in answers] == [200] * 3
