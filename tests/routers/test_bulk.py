"""Creating many reminders at once: all or none, in their order, each as the single creation would."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import event

from tests.fixtures.api import Person
from tests.fixtures.reminders import KEY, Crowd, hourly, once


async def create(person: Person, team_id: str, *reminders: dict[str, Any], **options: Any) -> Response:
    """Send reminders together."""
    return await person.post(f"/teams/{team_id}/reminders/bulk", json={"reminders": reminders}, **options)


def keyed(number: int, **fields: Any) -> dict[str, Any]:
    """Return a reminder with a natural key."""
    return once(**{"message": f"Number {number}"} | KEY | {"entity_id": str(number)} | fields)


async def count(crowd: Crowd) -> int:
    """Return how many reminders the team has, up to 200."""
    return len((await crowd.member.get(crowd.reminders, params={"limit": 200})).json()["items"])


async def test_each_is_what_a_single_creation_gives(crowd: Crowd) -> None:
    """The answers come in the order of the request, and a read gives each as it was answered."""
    kinds = [
        once(max_lateness="PT24H", channels=["email"], audience={"kind": "roles", "roles": ["admin", "member"]}),
        hourly(notes="Both of them", **KEY),
        hourly(schedule={"kind": "cron", "expression": "0 9 * * MON"}),
        hourly(schedule={"kind": "cron", "expression": "0 9 * * *", "timezone": "recipient"}),
        hourly(audience={"kind": "users", "users": [crowd.viewer.user["id"]]}),
    ]
    answer = await create(crowd.member, crowd.team_id, *kinds)
    assert answer.status_code == 201
    items = answer.json()["items"]
    assert [item["message"] for item in items] == [kind["message"] for kind in kinds]
    assert items[2]["schedule"]["timezone"] == "Europe/Berlin"
    assert items[3]["next_run_at"]
    for item in items:
        assert item.pop("replayed") is False
        assert (await crowd.viewer.get(f"/reminders/{item['id']}")).json() == item


async def test_what_is_there_is_not_made_again(crowd: Crowd) -> None:
    """An active one with the same natural key is answered, also where it stands earlier in the list."""
    there = (await crowd.admin.post(crowd.reminders, json=keyed(1))).json()
    answer = await create(crowd.member, crowd.team_id, keyed(2), keyed(1), keyed(2, message="Again"), once())
    items = answer.json()["items"]
    assert [item["replayed"] for item in items] == [False, True, True, False]
    assert (items[1]["id"], items[2]["id"]) == (there["id"], items[0]["id"])
    assert await count(crowd) == 3
    again = await create(crowd.member, crowd.team_id, keyed(2), keyed(1))
    assert (again.status_code, [item["replayed"] for item in again.json()["items"]]) == (200, [True, True])


async def test_all_or_none(crowd: Crowd) -> None:
    """One that cannot be refuses all; every one that is in the way is named."""
    nobody = {"kind": "users", "users": [crowd.stranger.user["id"]]}
    answer = await create(crowd.member, crowd.team_id, once(), once(audience=nobody), once(audience=nobody))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_recipient")
    assert [each["field"] for each in answer.json()["errors"]] == [f"reminders.{n}.audience.users" for n in (1, 2)]
    never = hourly(schedule={"kind": "cron", "expression": "0 9 30 2 *"})
    often = hourly(schedule={"kind": "interval", "every": "PT1S"})
    answer = await create(crowd.member, crowd.team_id, once(), never, often)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    found = {each["field"]: each["code"] for each in answer.json()["errors"]}
    assert found == {"reminders.1.schedule.expression": "never_matches", "reminders.2.schedule.every": "too_frequent"}
    assert await count(crowd) == 0


async def test_shape_is_judged_by_item(crowd: Crowd) -> None:
    """What the schema refuses is named with its place, at most a hundred of them; nobody sends 501."""
    answer = await create(crowd.member, crowd.team_id, once(), once(message=""), hourly(schedule={"kind": "cron"}))
    fields = [each["field"] for each in answer.json()["errors"]]
    assert fields == ["reminders.1.message", "reminders.2.schedule.expression"]
    many = await create(crowd.member, crowd.team_id, *[once(message="")] * 300)
    assert len(many.json()["errors"]) == 100
    for number in (0, 501):
        refused = await create(crowd.member, crowd.team_id, *[once()] * number)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reminders")


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
async def test_roles(crowd: Crowd, who: str, status: int) -> None:
    """Viewers may not create, and strangers see no team."""
    assert (await create(getattr(crowd, who), crowd.team_id, once())).status_code == status


async def test_a_calendar_of_the_team(crowd: Crowd) -> None:
    """Reminders that heed one calendar read it once; another team's calendar is not there."""
    made = await crowd.admin.post(f"/teams/{crowd.team_id}/calendars", json={"name": "Shutdown"})
    heeding = {"kind": "interval", "every": "PT1H", "holidays": f"calendar:{made.json()['id']}", "on_holiday": "skip"}
    answer = await create(crowd.member, crowd.team_id, *[hourly(schedule=heeding)] * 3)
    assert answer.status_code == 201
    foreign = await create(crowd.stranger, crowd.stranger.team_id, hourly(schedule=heeding))
    assert (foreign.status_code, foreign.json()["errors"][0]["field"]) == (422, "reminders.0.schedule.holidays")


async def test_five_hundred_take_a_handful_of_statements(crowd: Crowd, app: FastAPI) -> None:
    """The number of statements does not depend on the number of reminders."""
    seen: list[str] = []
    local = {"kind": "cron", "expression": "0 9 * * *", "timezone": "recipient"}
    mixed = [keyed(n) if n % 2 else hourly(message=f"{n}", schedule=local) for n in range(500)]

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    engine = app.state.database.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    answer = await create(crowd.member, crowd.team_id, *mixed)
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 201
    assert len({item["id"] for item in answer.json()["items"]}) == 500
    assert len(seen) <= 10, seen


async def test_each_new_one_is_noted(crowd: Crowd) -> None:
    """The audit log has a line for each that is new, as after single creations, and for each that was changed."""
    made = await create(crowd.member, crowd.team_id, keyed(1), keyed(2), keyed(1))
    ids = {item["id"] for item in made.json()["items"]}
    await crowd.member.post(f"{crowd.reminders}/bulk/pause", json={"ids": sorted(ids)})
    for action in ("reminder.created", "reminder.paused"):
        lines = await crowd.admin.get(f"/teams/{crowd.team_id}/audit", params={"action": action})
        assert sorted(each["object_id"] for each in lines.json()["items"]) == sorted(ids), action


async def test_two_that_share_keys_do_not_block_each_other(crowd: Crowd) -> None:
    """The same keys sent in opposite orders at once: each exists once, and nobody is refused."""
    one, other = [keyed(n) for n in range(40)], [keyed(n) for n in reversed(range(40))]
    answers = await asyncio.gather(*(create(crowd.member, crowd.team_id, *each) for each in (one, other, one)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert await count(crowd) == 40


async def test_a_repetition_under_a_key_creates_nothing(crowd: Crowd) -> None:
    """The whole answer comes again."""
    key = {"Idempotency-Key": "bulk"}
    first = await create(crowd.member, crowd.team_id, once(), hourly(), headers=key)
    again = await create(crowd.member, crowd.team_id, once(), hourly(), headers=key)
    assert (again.headers["Idempotent-Replayed"], again.content) == ("true", first.content)
    assert await count(crowd) == 2
