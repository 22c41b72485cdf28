"""Pause, resume, skip, run, done, restore."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from tests.fixtures.api import Person
from tests.fixtures.reminders import KEY, Crowd, Fire, hourly, once


async def do(person: Person, reminder: dict[str, Any], verb: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """Do something with a reminder, and return status and answer."""
    answer = await person.post(f"/reminders/{reminder['id']}/{verb}", json=body or None)
    return answer.status_code, answer.json()


async def occurrences(crowd: Crowd, reminder: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the occurrences of a reminder, latest first."""
    items: list[dict[str, Any]] = (await crowd.viewer.get(f"/reminders/{reminder['id']}/occurrences")).json()["items"]
    return items


async def test_a_paused_reminder_rests(crowd: Crowd, fire: Fire) -> None:
    """Pausing says so, cancels what waits, and nothing fires; resuming goes on with what is to come."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    await fire(made["next_run_at"])
    status, paused = await do(crowd.member, made, "pause", reason="Holidays")
    assert (status, paused["status"], paused["pause_reason"]) == (200, "paused", "Holidays")
    assert (paused["next_run_at"], paused["next_occurrences"]) == (None, [])
    await fire(made["next_occurrences"][1]["at"])
    assert len(await occurrences(crowd, made)) == 1
    waiting = (await crowd.viewer.get("/deliveries", params={"status": "pending"})).json()["items"]
    assert waiting == []
    status, resumed = await do(crowd.member, made, "resume")
    assert (status, resumed["status"], resumed["pause_reason"]) == (200, "active", None)
    assert resumed["next_run_at"] == made["next_occurrences"][1]["at"]
    assert resumed["version"] == 3


async def test_pause_until_lies_ahead(crowd: Crowd) -> None:
    """A pause until an instant keeps it; one that has passed is refused by its field."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    until = datetime.now(UTC) + timedelta(days=1)
    status, paused = await do(crowd.member, made, "pause", until=until.isoformat())
    assert status == 200
    assert timedelta(0) <= datetime.fromisoformat(paused["paused_until"]) - until < timedelta(seconds=1)
    status, refused = await do(crowd.member, made, "pause", until="2026-01-01T00:00:00Z")
    assert (status, refused["errors"][0]["field"], refused["errors"][0]["code"]) == (422, "until", "in_the_past")


async def test_a_one_shot_keeps_its_instant_over_a_pause(crowd: Crowd) -> None:
    """Resuming a one-shot gives it back the instant that it had."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await do(crowd.member, made, "pause")
    _, resumed = await do(crowd.member, made, "resume")
    assert resumed["next_run_at"] == made["next_run_at"]


async def test_a_one_shot_whose_instant_passed_fires_late(crowd: Crowd, app: FastAPI) -> None:
    """A one-shot that was paused over its instant is due at once when it is resumed, at that same instant."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await do(crowd.member, made, "pause")
    async with app.state.database.begin() as conn:
        await conn.execute(text("update reminders set next_run_at = '2026-01-01T09:00:00Z'"))
    _, resumed = await do(crowd.member, made, "resume")
    assert (resumed["status"], resumed["next_run_at"]) == ("active", "2026-01-01T09:00:00Z")


async def test_resuming_what_runs_changes_nothing(crowd: Crowd) -> None:
    """Resuming an active reminder answers it as it is; an ended one cannot be resumed."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    assert await do(crowd.member, made, "resume") == (200, made)
    await do(crowd.member, made, "skip")
    status, refused = await do(crowd.member, made, "resume")
    assert (status, refused["code"]) == (409, "wrong_state")


async def test_resuming_into_a_taken_key_is_refused(crowd: Crowd) -> None:
    """A paused reminder frees its key, and cannot take it back from another."""
    made = (await crowd.member.post(crowd.reminders, json=hourly(**KEY))).json()
    await do(crowd.member, made, "pause")
    assert (await crowd.member.post(crowd.reminders, json=once(**KEY))).status_code == 201
    status, refused = await do(crowd.member, made, "resume")
    assert (status, refused["code"]) == (409, "already_active")


async def test_skipping_leaves_one_out(crowd: Crowd) -> None:
    """Skipping shows in the occurrences, moves on by one, and stays over a pause."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    status, skipped = await do(crowd.member, made, "skip")
    assert (status, skipped["next_run_at"]) == (200, made["next_occurrences"][1]["at"])
    assert [(item["scheduled_for"], item["status"]) for item in await occurrences(crowd, made)] == [
        (made["next_run_at"], "skipped")
    ]
    await do(crowd.member, made, "pause")
    _, resumed = await do(crowd.member, made, "resume")
    assert resumed["next_run_at"] == skipped["next_run_at"]


async def test_skipping_the_only_one_completes(crowd: Crowd) -> None:
    """A one-shot that is skipped is completed."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    status, skipped = await do(crowd.member, made, "skip")
    assert (status, skipped["status"], skipped["next_run_at"]) == (200, "completed", None)
    assert (await do(crowd.member, made, "skip"))[0] == 409


async def test_running_is_beside_the_schedule(crowd: Crowd) -> None:
    """Running fires at once and leaves schedule and version alone."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    status, occurrence = await do(crowd.member, made, "run")
    assert (status, occurrence["status"], occurrence["reminder_id"]) == (200, "open", made["id"])
    items = (await crowd.viewer.get(f"/occurrences/{occurrence['id']}/deliveries")).json()["items"]
    assert [item["status"] for item in items] == ["pending"] * 4
    assert (await crowd.member.get(f"/reminders/{made['id']}")).json() == made


async def test_done_once(crowd: Crowd, fire: Fire) -> None:
    """Done closes all open occurrences and cancels what waits; a second Done names the first actor."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    for shown in made["next_occurrences"][:2]:
        await fire(shown["at"])
    status, done = await do(crowd.admin, made, "acknowledge", note="Both")
    assert (status, done["status"], done["acknowledged_by"]) == (200, "acknowledged", crowd.admin.user["id"])
    assert (done["acknowledged_via"], done["acknowledge_note"]) == ("api", "Both")
    assert done["scheduled_for"] == made["next_occurrences"][1]["at"]
    assert {item["status"] for item in await occurrences(crowd, made)} == {"acknowledged"}
    items = (await crowd.viewer.get("/deliveries")).json()["items"]
    assert {(item["status"], item["reason"]) for item in items} == {("cancelled", "acknowledged")}
    assert await do(crowd.member, made, "acknowledge", note="Me too") == (200, done)


async def test_one_occurrence_done(crowd: Crowd, fire: Fire) -> None:
    """One occurrence can be done while others stay open."""
    made = (await crowd.member.post(crowd.reminders, json=hourly())).json()
    for shown in made["next_occurrences"][:2]:
        await fire(shown["at"])
    earlier = (await occurrences(crowd, made))[1]
    answer = await crowd.member.post(f"/occurrences/{earlier['id']}/acknowledge")
    assert (answer.status_code, answer.json()["status"]) == (200, "acknowledged")
    assert [item["status"] for item in await occurrences(crowd, made)] == ["open", "acknowledged"]
    assert (await crowd.viewer.get(f"/occurrences/{earlier['id']}")).json() == answer.json()


async def test_nothing_to_acknowledge(crowd: Crowd) -> None:
    """Before anything has fired there is nothing to be done with."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    status, refused = await do(crowd.member, made, "acknowledge")
    assert (status, refused["code"]) == (409, "nothing_to_acknowledge")


async def test_restoring_brings_back_what_was(crowd: Crowd) -> None:
    """A deleted reminder comes back in the state it had, with its next run."""
    for verb in (None, "pause", "skip"):
        made = (await crowd.member.post(crowd.reminders, json=once())).json()
        before = (await do(crowd.member, made, verb))[1] if verb else made
        await crowd.member.delete(f"/reminders/{made['id']}")
        status, restored = await do(crowd.member, made, "restore")
        assert status == 200
        changing = {"version", "updated_at"}
        assert {k: v for k, v in restored.items() if k not in changing} == {
            k: v for k, v in before.items() if k not in changing
        }


async def test_restoring_into_a_taken_key_is_refused(crowd: Crowd) -> None:
    """What was deleted cannot come back while another holds its key."""
    made = (await crowd.member.post(crowd.reminders, json=once(**KEY))).json()
    await crowd.member.delete(f"/reminders/{made['id']}")
    await crowd.member.post(crowd.reminders, json=once(**KEY))
    status, refused = await do(crowd.member, made, "restore")
    assert (status, refused["code"]) == (409, "already_active")


async def test_restoring_twice_is_once(crowd: Crowd) -> None:
    """A restore that is repeated, because its answer was lost, changes nothing more."""
    made = (await crowd.member.post(crowd.reminders, json=once())).json()
    await crowd.member.delete(f"/reminders/{made['id']}")
    first = await do(crowd.member, made, "restore")
    assert await do(crowd.member, made, "restore") == first
    assert (await do(crowd.stranger, made, "restore"))[0] == 404
