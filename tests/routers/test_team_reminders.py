"""Creating reminders in a team."""

from datetime import datetime, timedelta

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import KEY, Crowd, hourly, once

PAST = timedelta(minutes=-2)


async def test_a_created_reminder_is_answered_whole(crowd: Crowd) -> None:
    """A creation answers 201 with an entity tag, the schedule in words, and what comes next."""
    body = hourly(notes="Both of them", audience={"kind": "roles", "roles": ["admin"]}, channels=["email"], **KEY)
    answer = await crowd.member.post(crowd.reminders, json=body)
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert "idempotent-replayed" not in answer.headers
    assert made["team_id"] == crowd.team_id
    assert made["created_by"] == crowd.member.user["id"]
    assert made["status"] == "active"
    assert made["description"] == "Every hour (UTC)"
    assert made["next_occurrences"][0]["at"] == made["next_run_at"]
    assert len(made["next_occurrences"]) == 3
    assert made["audience"] == {
        "kind": "roles", "users": [], "roles": ["admin"], "rotation_id": None, "addresses": []
    }  # fmt: skip
    assert {name: made[name] for name in KEY} == KEY
    assert (made["completion"], made["catch_up"], made["priority"], made["created_via"]) == (
        "any", "latest", "normal", "api",
    )  # fmt: skip


async def test_reading_gives_what_creating_answered(crowd: Crowd) -> None:
    """The answer of a creation is what a read gives afterwards."""
    made = await crowd.member.post(crowd.reminders, json=once(max_lateness="PT24H"))
    read = await crowd.viewer.get(f"/reminders/{made.json()['id']}")
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    assert made.json()["max_lateness"] == "PT24H"


async def test_one_active_reminder_per_natural_key(crowd: Crowd) -> None:
    """A second creation under the same key answers 200 with the first, and says that it is a replay."""
    first = await crowd.member.post(crowd.reminders, json=once(**KEY))
    second = await crowd.admin.post(crowd.reminders, json=hourly(**KEY))
    assert (second.status_code, second.headers["idempotent-replayed"]) == (200, "true")
    assert second.json() == first.json()


async def test_half_a_key_is_no_key(crowd: Crowd) -> None:
    """Where one of the three is missing, any number of reminders may be active."""
    half = {**KEY, "event_type": None}
    answers = [await crowd.member.post(crowd.reminders, json=once(**half)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_a_key_belongs_to_its_team(crowd: Crowd) -> None:
    """The same key in two teams is two keys."""
    first = await crowd.member.post(crowd.reminders, json=once(**KEY))
    second = await crowd.member.post("/reminders", json=once(**KEY))
    assert (first.status_code, second.status_code) == (201, 201)


async def test_without_a_team_it_is_the_personal_one(ada: Person) -> None:
    """`POST /reminders` without a team adds to the personal team."""
    made = await ada.post("/reminders", json=once())
    assert (made.status_code, made.json()["team_id"]) == (201, ada.team_id)


async def test_the_body_may_name_a_team(crowd: Crowd) -> None:
    """`POST /reminders` takes a team of mine, and knows no others."""
    mine = await crowd.member.post("/reminders", json=once(team_id=crowd.team_id))
    foreign = await crowd.stranger.post("/reminders", json=once(team_id=crowd.team_id))
    assert (mine.status_code, foreign.status_code) == (201, 404)
    assert mine.json()["team_id"] == crowd.team_id


async def test_wall_clock_rules_without_a_zone_take_the_team_s(crowd: Crowd) -> None:
    """A cron rule that names no zone runs by the clocks of its team."""
    cron = {"kind": "cron", "expression": "0 9 * * *"}
    made = (await crowd.member.post(crowd.reminders, json=once(schedule=cron))).json()
    assert made["schedule"]["timezone"] == "Europe/Berlin"
    assert datetime.fromisoformat(made["next_occurrences"][0]["local"]).hour == 9


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"message": ""}, "message", "string_too_short"),
        ({"mesage": "typo"}, "mesage", "unknown_field"),
        ({"created_via": "ui"}, "created_via", "literal_error"),
        ({"channels": ["pigeon"]}, "channels.0", "unknown_channel"),
        ({"audience": {"kind": "users"}}, "audience.users", "missing"),
        ({"audience": {"kind": "addresses"}}, "audience.addresses", "missing"),
        ({"audience": {"kind": "team", "roles": ["admin"]}}, "audience.roles", "unused"),
        ({"audience": {"kind": "team", "users": ["0190b5f0-0000-7000-8000-000000000000"]}}, "audience.users", "unused"),
        ({"max_lateness": "a while"}, "max_lateness", "duration_format"),
        ({"schedule": {"kind": "once", "at": "2026-11-27T16:00:00"}}, "schedule.at", "timezone_required"),
        ({"schedule": {"kind": "cron", "expression": "0 0 31 2 *"}}, "schedule.expression", "never_matches"),
        ({"schedule": once(PAST)["schedule"]}, "schedule.at", "in_the_past"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(
    crowd: Crowd, fields: dict[str, object], field: str, code: str
) -> None:
    """A value that cannot be is answered with 422, its field and a stable code."""
    answer = await crowd.member.post(crowd.reminders, json=once() | fields)
    assert answer.status_code == 422, answer.text
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]


async def test_an_audience_is_of_the_team(crowd: Crowd) -> None:
    """People outside the team cannot be in an audience, whether they exist or not."""
    for stranger in (crowd.stranger.user["id"], "0190b5f0-0000-7000-8000-000000000000"):
        audience = {"kind": "users", "users": [crowd.member.user["id"], stranger]}
        answer = await crowd.member.post(crowd.reminders, json=once(audience=audience))
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_recipient")
        assert answer.json()["errors"][0]["field"] == "audience.users"


async def test_a_list_takes_a_hundred(crowd: Crowd) -> None:
    """More than a hundred entries are refused, and repetitions count once."""
    member = crowd.member.user["id"]
    audience = {"kind": "users", "users": [member] * 100}
    made = await crowd.member.post(crowd.reminders, json=once(audience=audience))
    assert made.json()["audience"]["users"] == [member]
    audience["users"].append(member)
    assert (await crowd.member.post(crowd.reminders, json=once(audience=audience))).status_code == 422
