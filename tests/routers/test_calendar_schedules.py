"""Schedules that heed a team calendar: they follow its dates, and it stays as long as they need it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd, Fire
from tests.schedules.icalendar.files import event, file_of

TODAY = datetime.now(UTC).date()
NOBODY = "0190b5f0-0000-7000-8000-000000000000"


def day(ahead: int) -> str:
    """Return a date some days from today, by UTC."""
    return (TODAY + timedelta(days=ahead)).isoformat()


def noon(ahead: int) -> str:
    """Return the instant of an occurrence."""
    return f"{day(ahead)}T12:00:00Z"


def heeding(calendar: str, **fields: Any) -> dict[str, Any]:
    """Return the body of a reminder every day at noon from in two days, but not on a calendar's dates."""
    schedule = {"kind": "cron", "expression": "0 12 * * *", "timezone": "UTC", "starts_at": f"{day(2)}T00:00:00"}
    return {"message": "Water", "schedule": schedule | {"holidays": calendar, "on_holiday": "skip"} | fields}


@pytest.fixture
async def path(crowd: Crowd) -> str:
    """The path of an empty calendar."""
    made = await crowd.admin.post(f"/teams/{crowd.team_id}/calendars", json={"name": "Office"})
    return f"/teams/{crowd.team_id}/calendars/{made.json()['id']}"


def named(path: str) -> str:
    """Return how schedules name a calendar."""
    return f"calendar:{path.rsplit('/', 1)[1]}"


async def runs_at(person: Person, reminder: dict[str, Any]) -> Any:
    """Return when a reminder runs next."""
    return (await person.get(f"/reminders/{reminder['id']}")).json()["next_run_at"]


async def test_a_new_reminder_leaves_the_dates_out(crowd: Crowd, path: str) -> None:
    """It runs, and says its next occurrences, without the calendar's dates; the preview says the same."""
    await crowd.admin.post(f"{path}/dates", json={"dates": [{"date": day(2)}, {"date": day(4)}]})
    body = heeding(named(path))
    made = (await crowd.member.post(crowd.reminders, json=body)).json()
    assert (made["next_run_at"], made["schedule"]["holidays"]) == (noon(3), named(path))
    assert "holiday_dates" not in made["schedule"]
    preview = (await crowd.viewer.post("/schedules/preview", json={"schedule": body["schedule"], "count": 3})).json()
    assert [each["at"] for each in preview["occurrences"]] == [noon(3), noon(5), noon(6)]
    assert [each["at"] for each in made["next_occurrences"]] == [noon(3), noon(5), noon(6)]


async def test_a_changed_calendar_moves_its_reminders(crowd: Crowd, path: str) -> None:
    """By every way in which dates come and go; the reminder's version stays, for nobody has edited it."""
    made = (await crowd.member.post(crowd.reminders, json=heeding(named(path)))).json()
    other = (await crowd.member.post(crowd.reminders, json=heeding("DE", on_holiday="keep"))).json()
    assert made["next_run_at"] == noon(2)
    await crowd.admin.post(f"{path}/dates", json={"date": day(2)})
    assert await runs_at(crowd.member, made) == noon(3)
    content = file_of(event(f"DTSTART;VALUE=DATE:{day(3).replace('-', '')}"))
    await crowd.admin.post(f"{path}/import", content=content, headers={"Content-Type": "text/calendar"})
    assert await runs_at(crowd.member, made) == noon(4)
    await crowd.admin.delete(f"{path}/dates/{day(2)}")
    assert await runs_at(crowd.member, made) == noon(2)
    await crowd.admin.patch(path, json={"dates": [{"date": day(ahead)} for ahead in (2, 3, 4)]})
    now = (await crowd.member.get(f"/reminders/{made['id']}")).json()
    assert (now["next_run_at"], now["version"]) == (noon(5), made["version"])
    assert await runs_at(crowd.member, other) == other["next_run_at"]


async def test_what_was_skipped_stays_skipped(crowd: Crowd, path: str) -> None:
    """A date far away does not bring back what a person left out."""
    made = (await crowd.member.post(crowd.reminders, json=heeding(named(path)))).json()
    await crowd.member.post(f"/reminders/{made['id']}/skip")
    await crowd.admin.post(f"{path}/dates", json={"date": day(30)})
    assert await runs_at(crowd.member, made) == noon(3)


async def test_paused_and_deleted_ones_follow_as_well(crowd: Crowd, path: str) -> None:
    """What goes on later goes on with the dates of then."""
    paused, deleted = [(await crowd.member.post(crowd.reminders, json=heeding(named(path)))).json() for _ in range(2)]
    await crowd.member.post(f"/reminders/{paused['id']}/pause")
    await crowd.member.delete(f"/reminders/{deleted['id']}")
    await crowd.admin.post(f"{path}/dates", json={"date": day(2)})
    resumed = (await crowd.member.post(f"/reminders/{paused['id']}/resume")).json()
    restored = (await crowd.member.post(f"/reminders/{deleted['id']}/restore")).json()
    assert (resumed["next_run_at"], restored["next_run_at"]) == (noon(3), noon(3))


async def test_what_a_date_ended_comes_back_with_it(crowd: Crowd, path: str) -> None:
    """The last occurrence taken away completes a reminder; given back, it is active again."""
    body = heeding(named(path), ends_at=f"{day(2)}T23:00:00")
    made = (await crowd.member.post(crowd.reminders, json=body)).json()
    states = []
    for request in (
        crowd.admin.post(f"{path}/dates", json={"date": day(2)}),
        crowd.admin.delete(f"{path}/dates/{day(2)}"),
    ):
        await request
        read = (await crowd.member.get(f"/reminders/{made['id']}")).json()
        states.append((read["status"], read["next_run_at"]))
    assert states == [("completed", None), ("active", noon(2))]


async def test_what_fires_heeds_the_dates_of_now(crowd: Crowd, path: str, fire: Fire) -> None:
    """A claim after the change plans by the calendar's new dates."""
    made = (await crowd.member.post(crowd.reminders, json=heeding(named(path)))).json()
    await crowd.admin.post(f"{path}/dates", json={"date": day(3)})
    await fire(noon(2))
    assert await runs_at(crowd.member, made) == noon(4)


async def test_everybodys_own_clock_heeds_it_too(crowd: Crowd, path: str) -> None:
    """A reminder at everybody's local noon moves by a day when its next date becomes a holiday, and back."""
    body = heeding(named(path), timezone="recipient")
    made = (await crowd.member.post(crowd.reminders, json=body)).json()
    before = datetime.fromisoformat(made["next_run_at"])
    await crowd.admin.post(f"{path}/dates", json={"date": day(2)})
    moved = datetime.fromisoformat(await runs_at(crowd.member, made))
    assert timedelta(hours=22) < moved - before < timedelta(hours=26)
    await crowd.admin.delete(f"{path}/dates/{day(2)}")
    assert await runs_at(crowd.member, made) == made["next_run_at"]


async def test_a_changed_schedule_takes_up_the_dates(crowd: Crowd, path: str) -> None:
    """Naming a calendar later is the same; sending back what was read changes nothing."""
    await crowd.admin.post(f"{path}/dates", json={"date": day(2)})
    plain = heeding("DE", on_holiday="keep")
    made = (await crowd.member.post(crowd.reminders, json=plain)).json()
    changed = await crowd.member.patch(f"/reminders/{made['id']}", json={"schedule": heeding(named(path))["schedule"]})
    assert (changed.json()["next_run_at"], changed.json()["version"]) == (noon(3), 2)
    again = await crowd.member.patch(f"/reminders/{made['id']}", json={"schedule": changed.json()["schedule"]})
    assert again.json()["version"] == 2


async def test_a_calendar_in_use_stays(crowd: Crowd, path: str) -> None:
    """It is 409 with the number of reminders, until none that is active or paused heeds it."""
    made = (await crowd.member.post(crowd.reminders, json=heeding(named(path)))).json()
    refused = await crowd.admin.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar_in_use")
    assert refused.json()["detail"].startswith("1 ")
    await crowd.member.delete(f"/reminders/{made['id']}")
    assert (await crowd.admin.delete(path)).status_code == 204
    restored = (await crowd.member.post(f"/reminders/{made['id']}/restore")).json()
    assert (restored["status"], restored["next_run_at"]) == ("active", noon(2))


async def test_other_teams_calendars_are_not_there(crowd: Crowd, path: str) -> None:
    """A foreign calendar, one of another of my own teams, and one that nobody has get the same refusal."""
    other = (await crowd.member.post(f"/teams/{crowd.member.team_id}/calendars", json={"name": "Mine"})).json()
    mine = (await crowd.member.post(crowd.reminders, json=heeding("DE", on_holiday="keep"))).json()
    foreign = (await crowd.stranger.post("/reminders", json=heeding("DE", on_holiday="keep"))).json()
    tries = [
        (crowd.stranger, named(path), foreign["id"], f"/teams/{crowd.stranger.team_id}/reminders"),
        (crowd.member, f"calendar:{other['id']}", mine["id"], crowd.reminders),
        (crowd.member, f"calendar:{NOBODY}", mine["id"], crowd.reminders),
        (crowd.member, named(path).upper().replace("CALENDAR", "calendar"), mine["id"], crowd.reminders),
        (crowd.member, "calendar:nonsense", mine["id"], crowd.reminders),
    ]
    told = set()
    for person, calendar, reminder_id, reminders in tries:
        body = heeding(calendar)
        for answer in (
            await person.post(reminders, json=body),
            await person.patch(f"/reminders/{reminder_id}", json={"schedule": body["schedule"]}),
        ):
            assert answer.status_code == 422, (calendar, answer.text)
            told.add((answer.json()["detail"], answer.json()["errors"][0]["field"]))
    assert [field for _, field in told] == ["schedule.holidays"]
    body = {"schedule": heeding(named(path))["schedule"]}
    assert (await crowd.stranger.post("/schedules/preview", json=body)).status_code == 422
    # What is not theirs to change stays 404, whatever calendar is named.
    assert (await crowd.stranger.patch(f"/reminders/{mine['id']}", json=body)).status_code == 404


async def test_the_personal_team_has_calendars(ada: Person) -> None:
    """Without a team, a reminder is in the personal one and may name its calendars."""
    made = (await ada.post(f"/teams/{ada.team_id}/calendars", json={"name": "Me", "dates": [{"date": day(2)}]})).json()
    reminder = (await ada.post("/reminders", json=heeding(f"calendar:{made['id']}"))).json()
    assert reminder["next_run_at"] == noon(3)
