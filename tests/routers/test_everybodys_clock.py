"""Reminders at everybody's own local time, as clients see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from core.work import begin
from crud.occurrences import claim_due
from tests.fixtures.reminders import Crowd, Fire, join

DAY = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
BERLIN, EAST, WEST = "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Honolulu"
ONCE = {"kind": "once", "at": f"{DAY}T09:00:00", "timezone": "recipient"}


@pytest.fixture
async def spread(crowd: Crowd) -> Crowd:
    """The crowd, of whom three live far from each other and one goes by the team's clock, which is Berlin's."""
    for person, zone in ((crowd.owner, EAST), (crowd.admin, WEST), (crowd.member, "America/New_York")):
        assert (await person.patch("/users/me", json={"timezone": zone})).status_code == 200
    return crowd


async def create(crowd: Crowd, **fields: Any) -> dict[str, Any]:
    """Create a reminder on everybody's own clock."""
    body = {"message": "Stand-up", "schedule": ONCE} | fields
    answer = await crowd.member.post(crowd.reminders, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def shown(crowd: Crowd, made: dict[str, Any]) -> dict[str, Any]:
    """Read the one occurrence of a reminder."""
    [item] = (await crowd.viewer.get(f"/reminders/{made['id']}/occurrences")).json()["items"]
    answer: dict[str, Any] = (await crowd.viewer.get(f"/occurrences/{item['id']}")).json()
    return answer


async def test_it_is_due_when_the_first_has_it(spread: Crowd) -> None:
    """The next run is that of the first zone, shown on its clock."""
    made = await create(spread)
    nine = datetime.fromisoformat(f"{DAY}T09:00:00+14:00")
    assert datetime.fromisoformat(made["next_run_at"]) == nine
    [coming] = made["next_occurrences"]
    assert (coming["local"], coming["timezone"]) == (f"{DAY}T09:00:00+14:00", EAST)
    assert (await spread.viewer.get(f"/reminders/{made['id']}")).json() == made


async def test_the_occurrence_shows_everybodys_hour(spread: Crowd, fire: Fire) -> None:
    """Each recipient has local time, offset, zone, instant and state; those come first who have it first."""
    made = await create(spread)
    await fire(made["next_run_at"])
    occurrence = await shown(spread, made)
    assert (occurrence["scheduled_for"], occurrence["scheduled_local"]) == (made["next_run_at"], f"{DAY}T09:00:00")
    each = occurrence["recipients"]
    assert [one["timezone"] for one in each] == [EAST, BERLIN, "America/New_York", WEST]
    assert {one["local"][:19] for one in each} == {f"{DAY}T09:00:00"}
    assert [one["local"][19:] for one in each][::3] == ["+14:00", "-10:00"]
    assert all(datetime.fromisoformat(one["local"]) == datetime.fromisoformat(one["due_at"]) for one in each)
    assert all((one["status"], one["deliver_at"]) == ("pending", one["due_at"]) for one in each)
    listed = (await spread.viewer.get(f"/occurrences/{occurrence['id']}/deliveries")).json()["items"]
    assert {(one["local"], one["timezone"]) for one in listed} == {(one["local"], one["timezone"]) for one in each}


async def test_an_ordinary_occurrence_shows_it_too(spread: Crowd, fire: Fire) -> None:
    """At one instant for all, everybody's clock shows another time."""
    made = await create(spread, schedule={"kind": "once", "at": f"{DAY}T12:00:00Z"})
    await fire(made["next_run_at"])
    occurrence = await shown(spread, made)
    assert occurrence["scheduled_local"] is None
    assert {one["due_at"] for one in occurrence["recipients"]} == {f"{DAY}T12:00:00Z"}
    assert {one["local"][11:] for one in occurrence["recipients"]} >= {"02:00:00-10:00", "07:00:00-05:00"}


async def test_who_moves_is_planned_anew(spread: Crowd, fire: Fire) -> None:
    """After a change of zone the occurrence shows the new hour; before it is opened, the reminder the new instant."""
    made = await create(spread)
    await spread.owner.patch("/users/me", json={"timezone": WEST})
    read = (await spread.viewer.get(f"/reminders/{made['id']}")).json()
    assert (
        read["next_run_at"] == (await spread.viewer.get(f"/reminders/{made['id']}")).json()["next_occurrences"][0]["at"]
    )
    assert read["next_occurrences"][0]["timezone"] == BERLIN
    assert read["version"] == made["version"]
    await fire(read["next_run_at"])
    await spread.owner.patch("/users/me", json={"timezone": None})
    zones = [one["timezone"] for one in (await shown(spread, made))["recipients"]]
    assert zones == [BERLIN, BERLIN, "America/New_York", WEST]


async def test_the_team_moves_with_those_who_go_by_it(spread: Crowd, fire: Fire) -> None:
    """A team's new zone is that of whoever has none."""
    made = await create(spread)
    await fire(made["next_run_at"])
    await spread.owner.patch(f"/teams/{spread.team_id}", json={"timezone": "Asia/Tokyo"})
    assert [one["timezone"] for one in (await shown(spread, made))["recipients"]][1] == "Asia/Tokyo"


async def test_joining_and_leaving_change_the_first_zone(spread: Crowd) -> None:
    """Without the one in the far east it comes later, with somebody there again earlier."""
    made = await create(spread)
    await spread.admin.patch("/users/me", json={"timezone": BERLIN})
    transferred = await spread.owner.post(
        f"/teams/{spread.team_id}/transfer", json={"user_id": spread.admin.user["id"]}
    )
    assert transferred.status_code == 200, transferred.text
    left = await spread.owner.delete(f"/teams/{spread.team_id}/members/{spread.owner.user['id']}")
    assert left.status_code == 200
    read = (await spread.viewer.get(f"/reminders/{made['id']}")).json()
    assert read["next_occurrences"][0]["timezone"] == BERLIN
    await spread.stranger.patch("/users/me", json={"timezone": "Asia/Tokyo"})
    await join(spread.admin, spread.team_id, spread.stranger, "member")
    read = (await spread.viewer.get(f"/reminders/{made['id']}")).json()
    assert read["next_occurrences"][0]["timezone"] == "Asia/Tokyo"


async def test_what_everybody_has_behind_them_is_refused(spread: Crowd) -> None:
    """A one-shot may be past for some, not for all."""
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    body = {"message": "Stand-up", "schedule": ONCE | {"at": f"{yesterday}T09:00:00"}}
    refused = await spread.member.post(spread.reminders, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "in_the_past")


async def test_done_is_done_for_those_who_have_not_had_it(spread: Crowd, fire: Fire, app: FastAPI) -> None:
    """Until somebody says done: whoever still waits for their hour gets nothing more."""
    made = await create(spread, completion="any")
    await fire(made["next_run_at"])
    assert (await spread.viewer.post(f"/reminders/{made['id']}/acknowledge")).status_code == 403
    assert (await spread.member.post(f"/reminders/{made['id']}/acknowledge")).status_code == 200
    assert {one["status"] for one in (await shown(spread, made))["recipients"]} == {"cancelled"}
    async with begin(app.state.database) as work:
        work.now += timedelta(days=9)
        assert (await claim_due(work, 10)).reminders == 0
