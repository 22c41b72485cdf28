"""Previews of schedules."""

from datetime import datetime

from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd, once

CRON = {"kind": "cron", "expression": "0 9 * * 1-5", "timezone": "Europe/Berlin"}


async def test_a_preview_says_and_lists(ada: Person) -> None:
    """A preview gives the sentence and the occurrences strictly after an instant."""
    body = {"schedule": CRON, "after": "2026-11-27T08:00:00Z", "count": 2}
    answer = await ada.post("/schedules/preview", json=body)
    shown = answer.json()
    assert (answer.status_code, shown["description"]) == (200, "Every weekday at 09:00 (Europe/Berlin)")
    assert [item["at"] for item in shown["occurrences"]] == ["2026-11-30T08:00:00Z", "2026-12-01T08:00:00Z"]
    assert shown["occurrences"][0] == {
        "at": "2026-11-30T08:00:00Z", "local": "2026-11-30T09:00:00+01:00", "timezone": "Europe/Berlin", "flags": [],
    }  # fmt: skip


async def test_a_preview_is_the_plan(crowd: Crowd) -> None:
    """What a preview shows is what a reminder with this schedule will do."""
    preview = (await crowd.member.post("/schedules/preview", json={"schedule": CRON})).json()
    made = (await crowd.member.post(crowd.reminders, json=once(schedule=CRON))).json()
    assert len(preview["occurrences"]) == 10
    assert preview["occurrences"][:3] == made["next_occurrences"]
    assert preview["description"] == made["description"]


async def test_the_zone_is_the_reader_s(ada: Person) -> None:
    """A schedule that names no zone is shown in the reader's own, in which their personal team plans it."""
    await ada.patch("/users/me", json={"timezone": "Asia/Kathmandu"})
    body = {"schedule": {"kind": "cron", "expression": "0 9 * * *"}, "count": 1}
    shown = (await ada.post("/schedules/preview", json=body)).json()["occurrences"][0]
    assert datetime.fromisoformat(shown["local"]).isoformat().endswith("T09:00:00+05:45")
    planned = await ada.post("/reminders", json={"message": "Breakfast", "schedule": body["schedule"]})
    assert planned.json()["next_run_at"] == shown["at"]


async def test_what_cannot_be_previewed_is_refused(ada: Person) -> None:
    """An impossible schedule or a count out of bounds is 422 by its field."""
    for body, field in (
        ({"schedule": CRON | {"expression": "0 9 * *"}}, "schedule.expression"),
        ({"schedule": CRON, "count": 101}, "count"),
        ({"schedule": CRON, "after": "2026-11-27T08:00:00"}, "after"),
    ):
        answer = await ada.post("/schedules/preview", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
