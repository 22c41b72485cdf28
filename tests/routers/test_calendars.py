"""Team calendars: their dates, their versions, who may change them, and how many there may be."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.fixtures.reminders import Crowd

NOBODY = "0190b5f0-0000-7000-8000-000000000000"
EVE = {"date": "2026-12-24", "name": "Christmas Eve"}
BRIDGE = {"date": "2027-05-07", "name": None}


@pytest.fixture
def path(crowd: Crowd) -> str:
    """The path of the crowd's calendars."""
    return f"/teams/{crowd.team_id}/calendars"


@pytest.fixture
async def made(crowd: Crowd, path: str) -> dict[str, Any]:
    """A calendar with one date."""
    answer = await crowd.admin.post(path, json={"name": " Plant shutdown ", "dates": [EVE]})
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    made: dict[str, Any] = answer.json()
    return made


async def test_a_calendar_is_made_and_read(crowd: Crowd, path: str, made: dict[str, Any]) -> None:
    """Everybody in the team reads it whole by its id; the list shows how many dates it has."""
    assert (made["name"], made["dates"], made["team_id"]) == ("Plant shutdown", [EVE], crowd.team_id)
    read = await crowd.viewer.get(f"{path}/{made['id']}")
    assert (read.json(), read.headers["ETag"]) == (made, '"1"')
    [listed] = (await crowd.viewer.get(path)).json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "dates"}
    assert listed["date_count"] == 1


async def test_calendars_are_listed_in_pages(crowd: Crowd, path: str) -> None:
    """The oldest come first, and the cursor leads on."""
    for name in ("one", "two", "three"):
        await crowd.admin.post(path, json={"name": name})
    first = (await crowd.member.get(f"{path}?limit=2")).json()
    second = (await crowd.member.get(f"{path}?limit=2&cursor={first['next_cursor']}")).json()
    assert [each["name"] for page in (first, second) for each in page["items"]] == ["one", "two", "three"]
    assert second["next_cursor"] is None


async def test_dates_are_added_named_anew_and_removed(crowd: Crowd, path: str, made: dict[str, Any]) -> None:
    """One or several at a time; what is there takes the new name; what changes nothing leaves the version."""
    dates = f"{path}/{made['id']}/dates"
    both = await crowd.admin.post(dates, json={"dates": [BRIDGE, EVE | {"name": "Heiligabend"}]})
    assert both.json()["dates"] == [EVE | {"name": "Heiligabend"}, BRIDGE]
    same = await crowd.admin.post(dates, json={"date": "2027-05-07"})
    assert (same.status_code, same.json()["version"], same.headers["ETag"]) == (201, 2, '"2"')
    assert (await crowd.admin.delete(f"{dates}/2026-12-24")).status_code == 204
    assert (await crowd.admin.delete(f"{dates}/2026-12-24")).status_code == 404
    left = (await crowd.admin.get(f"{path}/{made['id']}")).json()
    assert (left["dates"], left["date_count"], left["version"]) == ([BRIDGE], 1, 3)


async def test_a_calendar_is_renamed_or_filled_anew(crowd: Crowd, path: str, made: dict[str, Any]) -> None:
    """What a PATCH leaves out stays; `dates` are all that it has from then on."""
    calendar = f"{path}/{made['id']}"
    renamed = (await crowd.owner.patch(calendar, json={"name": "Holidays"})).json()
    assert (renamed["name"], renamed["dates"], renamed["version"]) == ("Holidays", [EVE], 2)
    filled = (await crowd.owner.patch(calendar, json={"dates": [BRIDGE]})).json()
    assert (filled["name"], filled["dates"], filled["version"]) == ("Holidays", [BRIDGE], 3)
    assert (await crowd.owner.patch(calendar, json={"name": "Holidays"})).json()["version"] == 3


async def test_only_who_has_read_it_changes_it(crowd: Crowd, path: str, made: dict[str, Any]) -> None:
    """An If-Match of an older version is 412 everywhere, and changes nothing."""
    calendar, stale = f"{path}/{made['id']}", {"headers": {"If-Match": '"7"'}}
    for answer in (
        await crowd.admin.patch(calendar, json={"name": "x"}, **stale),
        await crowd.admin.post(f"{calendar}/dates", json=BRIDGE, **stale),
        await crowd.admin.delete(f"{calendar}/dates/2026-12-24", **stale),
        await crowd.admin.delete(calendar, **stale),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
    assert (await crowd.admin.delete(calendar, headers={"If-Match": '"1"'})).status_code == 204
    assert (await crowd.admin.get(calendar)).status_code == 404


async def test_a_repeated_request_adds_once(crowd: Crowd, path: str) -> None:
    """Under one Idempotency-Key there is one calendar."""
    key = {"headers": {"Idempotency-Key": "c1"}}
    first, again = [await crowd.admin.post(path, json={"name": "Once"}, **key) for _ in range(2)]
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert len((await crowd.admin.get(path)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "missing"),
        ({"name": "x", "colour": "red"}, "colour", "unknown_field"),
        ({"name": "x\0"}, "name", "invalid_text"),
        ({"name": "x", "dates": [{"date": "24.12.2026"}]}, "dates.0.date", "date_format"),
        ({"name": "x", "dates": [{"date": "2026-02-30"}]}, "dates.0.date", "date_from_datetime_parsing"),
        ({"name": "x", "dates": [{"date": 1_800_000_000}]}, "dates.0.date", "date_format"),
        ({"name": "x", "dates": [{"date": "2026-12-24T00:00:00Z"}]}, "dates.0.date", "date_format"),
        ({"name": "x", "dates": [{"date": "1969-12-31"}]}, "dates.0.date", "date_out_of_range"),
        ({"name": "x", "dates": [{"date": "2201-01-01"}]}, "dates.0.date", "date_out_of_range"),
        ({"name": "x", "dates": [EVE, EVE]}, "dates", "repeated_date"),
        ({"name": "x", "dates": [EVE] * 101}, "dates", "too_long"),
        ({"name": "x", "dates": [EVE | {"name": ""}]}, "dates.0.name", "string_too_short"),
    ],
)
async def test_what_is_no_calendar(crowd: Crowd, path: str, body: dict[str, Any], field: str, code: str) -> None:
    """A mistake is refused with its field and code."""
    answer = await crowd.admin.post(path, json=body)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("body", [{}, {"name": "x"}, {"dates": []}, {"date": "2026-12-24", "dates": [EVE]}])
async def test_dates_come_in_one_form(crowd: Crowd, path: str, made: dict[str, Any], body: dict[str, Any]) -> None:
    """Neither form, both of them, or an empty list is refused."""
    answer = await crowd.admin.post(f"{path}/{made['id']}/dates", json=body)
    assert answer.status_code == 422, answer.text


async def test_there_is_an_end_to_dates_and_calendars(app: FastAPI, crowd: Crowd, path: str) -> None:
    """A calendar of 1000 dates takes no other, a team of 50 calendars either, and each refusal says so."""
    made = (await crowd.admin.post(path, json={"name": "Full"})).json()
    days = "generate_series(1, 1000) n"
    fill = f"insert into calendar_dates select team_id, id, date '2027-01-01' + n from calendars, {days}"
    more = "insert into calendars (team_id, name) select team_id, 'more' from calendars, generate_series(1, 49)"
    async with app.state.database.begin() as conn:
        await conn.execute(text(fill))
        await conn.execute(text(more))
    full = await crowd.admin.post(f"{path}/{made['id']}/dates", json=EVE)
    assert (full.status_code, full.json()["errors"][0]["field"], full.json()["code"]) == (
        422,
        "dates",
        "too_many_dates",
    )
    assert (await crowd.admin.post(f"{path}/{made['id']}/dates", json={"date": "2027-01-02"})).status_code == 201
    another = await crowd.admin.post(path, json={"name": "51"})
    assert (another.status_code, another.json()["code"]) == (409, "quota_reached")


def changes(calendar: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return everything that changes a calendar."""
    return [
        ("post", calendar.rsplit("/", 1)[0], {"json": {"name": "x"}}),
        ("patch", calendar, {"json": {"name": "Hacked"}}),
        ("delete", calendar, {}),
        ("post", f"{calendar}/dates", {"json": BRIDGE}),
        ("delete", f"{calendar}/dates/2026-12-24", {}),
        ("post", f"{calendar}/import", {"content": b"x", "headers": {"Content-Type": "text/calendar"}}),
    ]


async def test_only_who_governs_changes_calendars(crowd: Crowd, path: str, made: dict[str, Any]) -> None:
    """Members and viewers read and get 403 for the rest, strangers 404, as for what does not exist."""
    calendar = f"{path}/{made['id']}"
    for method, target, options in changes(calendar):
        for person, status in ((crowd.member, 403), (crowd.viewer, 403), (crowd.stranger, 404)):
            assert (await person.request(method, target, **options)).status_code == status, (method, target)
    for target in (path, calendar):
        assert (await crowd.stranger.get(target)).status_code == 404
    assert (await crowd.viewer.get(calendar)).json() == made


async def test_a_calendar_is_not_found_under_another_team(crowd: Crowd, path: str, made: dict[str, Any]) -> None:
    """Its id below another of my teams is like an id that nobody has."""
    own = f"/teams/{crowd.owner.team_id}/calendars"
    for method, target, options in changes(f"{own}/{made['id']}")[1:]:
        content = {"content": b"BEGIN:VCALENDAR\nEND:VCALENDAR"} if "content" in options else {}
        foreign = await crowd.owner.request(method, target, **options | content)
        absent = await crowd.owner.request(method, target.replace(made["id"], NOBODY), **options | content)
        assert (foreign.status_code, foreign.json()["detail"]) == (404, absent.json()["detail"])
    assert (await crowd.owner.get(f"{own}/{made['id']}")).status_code == 404
    assert (await crowd.viewer.get(f"{path}/{made['id']}")).json() == made
