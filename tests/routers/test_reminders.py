"""Changing and deleting reminders."""

from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.fixtures.reminders import KEY, Crowd, Fire, hourly, once

LATER = timedelta(hours=5)


async def test_a_change_raises_the_version(crowd: Crowd) -> None:
    """What is named changes, what is left out stays, and the entity tag moves on."""
    made = (await crowd.member.post(crowd.reminders, json=once(notes="Soon"))).json()
    answer = await crowd.admin.patch(f"/reminders/{made['id']}", json={"message": "Pay", "notes": None})
    changed = answer.json()
    assert (answer.status_code, answer.headers["etag"], changed["version"]) == (200, '"2"', 2)
    assert (changed["message"], changed["notes"]) == ("Pay", None)
    same = {"message", "notes", "version", "updated_at"}
    assert {k: v for k, v in changed.items() if k not in same} == {k: v for k, v in made.items() if k not in same}


async def test_a_change_that_changes_nothing_is_none(crowd: Crowd) -> None:
    """Sending what is there already, or nothing at all, keeps version and tag."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    same = {name: made[name] for name in ("message", "notes", "schedule", "audience", "channels", "max_lateness")}
    for body in ({}, same):
        answer = await crowd.member.patch(f"/reminders/{made['id']}", json=body)
        assert (answer.status_code, answer.json()) == (200, made)


async def test_if_match_protects_from_overwriting(crowd: Crowd) -> None:
    """An edit or a deletion based on an older version is refused with 412 and changes nothing."""
    path = f"/reminders/{(await crowd.member.post(crowd.reminders, json=once())).json()['id']}"
    first = await crowd.member.patch(path, json={"message": "Mine"}, headers={"If-Match": '"1"'})
    second = await crowd.admin.patch(path, json={"message": "Theirs"}, headers={"If-Match": '"1"'})
    gone = await crowd.admin.delete(path, headers={"If-Match": '"1"'})
    assert [first.status_code, second.status_code, gone.status_code] == [200, 412, 412]
    assert second.json()["code"] == "version_conflict"
    assert (await crowd.member.get(path)).json()["message"] == "Mine"
    assert (await crowd.admin.delete(path, headers={"If-Match": '"2"'})).status_code == 204


async def test_firing_keeps_the_tag(crowd: Crowd, fire: Fire) -> None:
    """The entity tag is about people's edits: firing moves the next run and not the tag."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    await fire(made["next_run_at"])
    read = await crowd.member.get(f"/reminders/{made['id']}")
    assert read.json()["last_run_at"] == made["next_run_at"]
    assert read.json()["next_run_at"] == made["next_occurrences"][1]["at"]
    assert read.headers["etag"] == '"1"'


async def test_a_new_schedule_is_planned_from_now(crowd: Crowd) -> None:
    """A changed schedule moves the next run and the words."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    body = {"schedule": once(LATER)["schedule"]}
    changed = (await crowd.member.patch(f"/reminders/{made['id']}", json=body)).json()
    moved = datetime.fromisoformat(changed["next_run_at"]) - datetime.fromisoformat(made["next_run_at"])
    assert timedelta(hours=3, minutes=59) < moved < timedelta(hours=4, minutes=1)
    assert changed["description"] != made["description"]


async def test_a_new_schedule_cancels_what_was_not_sent(crowd: Crowd, fire: Fire) -> None:
    """What an earlier schedule caused and is not sent yet is cancelled, and says why."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await fire(made["next_run_at"])
    await crowd.member.patch(f"/reminders/{made['id']}", json={"schedule": once(LATER)["schedule"]})
    items = (await crowd.member.get("/deliveries")).json()["items"]
    assert {(item["status"], item["reason"]) for item in items} == {("cancelled", "rescheduled")}
    assert len(items) == 4


async def test_a_completed_one_shot_lives_again_with_a_new_instant(crowd: Crowd, fire: Fire) -> None:
    """Moving a one-shot that has fired into the future makes it active again."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await fire(made["next_run_at"])
    assert (await crowd.member.get(f"/reminders/{made['id']}")).json()["status"] == "completed"
    body = {"schedule": once(LATER)["schedule"]}
    changed = (await crowd.member.patch(f"/reminders/{made['id']}", json=body)).json()
    assert (changed["status"], changed["next_run_at"] is None) == ("active", False)


async def test_a_change_into_a_taken_key_is_refused(crowd: Crowd) -> None:
    """Changing a reminder into the key of an active one is 409, and the team can go on."""
    await crowd.member.post(crowd.reminders, json=once(**KEY))
    other = (await crowd.member.post(crowd.reminders, json=once(**{**KEY, "event_type": "pay"}))).json()
    answer = await crowd.member.patch(f"/reminders/{other['id']}", json={"event_type": "send"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_active")
    assert (await crowd.member.get(f"/reminders/{other['id']}")).json()["event_type"] == "pay"


@pytest.mark.parametrize("name", ["message", "schedule", "audience", "channels", "catch_up"])
async def test_what_must_be_cannot_become_null(crowd: Crowd, name: str) -> None:
    """Null is refused where a reminder cannot do without."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    answer = await crowd.member.patch(f"/reminders/{made['id']}", json={name: None})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)


async def test_a_change_into_the_past_is_refused(crowd: Crowd) -> None:
    """A one-shot cannot be moved more than a minute into the past."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    body = {"schedule": once(timedelta(minutes=-2))["schedule"]}
    answer = await crowd.member.patch(f"/reminders/{made['id']}", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "in_the_past")


async def test_deleting_is_soft_and_final(crowd: Crowd, fire: Fire) -> None:
    """A deleted reminder is gone for readers, what waited is cancelled, and nothing fires any more."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    path = f"/reminders/{made['id']}"
    await fire(made["next_run_at"])
    assert (await crowd.member.delete(path)).status_code == 204
    assert [(await crowd.member.get(path)).status_code, (await crowd.member.delete(path)).status_code] == [404, 404]
    await fire(made["next_occurrences"][1]["at"])
    occurrences = (await crowd.member.get(f"{path}/occurrences")).json()["items"]
    assert [item["status"] for item in occurrences] == ["cancelled"]
    items = (await crowd.member.get("/deliveries", params={"reminder_id": made["id"]})).json()["items"]
    assert {(item["status"], item["reason"]) for item in items} == {("cancelled", "deleted")}


async def test_paths_work_with_and_without_a_slash(crowd: Crowd) -> None:
    """A slash at the end of a path makes no difference."""
    made = await crowd.member.post(crowd.reminders + "/", json=once())
    assert made.status_code == 201
    assert (await crowd.member.get(f"/reminders/{made.json()['id']}/")).json() == made.json()


async def test_sending_back_what_was_read_changes_nothing(crowd: Crowd, app: FastAPI) -> None:
    """The schedule as it was read is no change, not even where its time has passed since."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    past = {"kind": "once", "at": "2026-01-01T09:00:00Z", "timezone": made["schedule"]["timezone"]}
    async with app.state.database.begin() as conn:
        stored = "jsonb_set(schedule, '{at}', '\"2026-01-01T09:00:00Z\"')"
        await conn.execute(text(f"update reminders set status = 'completed', next_run_at = null, schedule = {stored}"))
    answer = await crowd.member.patch(f"/reminders/{made['id']}", json={"schedule": past, "message": "Sent"})
    assert (answer.status_code, answer.json()["status"], answer.json()["message"]) == (200, "completed", "Sent")


async def test_an_address_that_is_named_may_stay(crowd: Crowd) -> None:
    """Another member may change an audience that names its author's own address, and cannot add that address."""
    own = (await crowd.member.get("/users/me/addresses")).json()["items"][0]["id"]
    body = once(audience={"kind": "addresses", "addresses": [own]})
    made = (await crowd.member.post(crowd.reminders, json=body)).json()
    kept = {"audience": made["audience"] | {"kind": "creator"}}
    assert (await crowd.admin.patch(f"/reminders/{made['id']}", json=kept)).status_code == 200
    assert (await crowd.admin.post(crowd.reminders, json=body)).json()["code"] == "unknown_recipient"


@pytest.mark.parametrize(("lateness", "status"), [("PT0S", 422), ("PT59S", 422), ("PT1M", 201)])
async def test_some_lateness_is_allowed(crowd: Crowd, lateness: str, status: int) -> None:
    """A reminder that may not be late at all would never be sent, so a minute is the least."""
    answer = await crowd.member.post(crowd.reminders, json=once(max_lateness=lateness))
    assert answer.status_code == status
