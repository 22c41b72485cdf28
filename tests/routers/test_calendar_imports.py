"""iCalendar files put into a calendar: all or nothing, and the same file twice changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response

from tests.fixtures.reminders import Crowd
from tests.schedules.icalendar.files import event, file_of

TYPE = {"Content-Type": "text/calendar; charset=utf-8"}
NEXT = datetime.now(UTC).year + 1
EVE, SUMMER = f"DTSTART;VALUE=DATE:{NEXT}1224", f"DTSTART;VALUE=DATE:{NEXT}0801"
FILE = file_of(
    event(EVE, f"DTEND;VALUE=DATE:{NEXT}1227", "SUMMARY:Christmas"),
    event(SUMMER, "SUMMARY:Summer party"),
    event(SUMMER, "SUMMARY:Called off", "STATUS:CANCELLED"),
)


@pytest.fixture
async def path(crowd: Crowd) -> str:
    """The path of a calendar with one date, of a name of its own."""
    dates = [{"date": f"{NEXT}-12-25", "name": "Day off"}]
    made = await crowd.admin.post(f"/teams/{crowd.team_id}/calendars", json={"name": "Office", "dates": dates})
    return f"/teams/{crowd.team_id}/calendars/{made.json()['id']}"


async def put(crowd: Crowd, path: str, content: bytes, **headers: str) -> Response:
    """Import a file as an admin."""
    return await crowd.admin.post(f"{path}/import", content=content, headers=TYPE | headers)


async def test_a_file_adds_what_is_new(crowd: Crowd, path: str) -> None:
    """Dates that are there keep their names, cancelled events are skipped, and a second time changes nothing."""
    first = await put(crowd, path, FILE)
    assert (first.status_code, first.json()) == (200, {"added": 3, "unchanged": 1, "skipped": 1})
    read = await crowd.viewer.get(path)
    names = {each["date"][5:]: each["name"] for each in read.json()["dates"]}
    assert names == {"08-01": "Summer party", "12-24": "Christmas", "12-25": "Day off", "12-26": "Christmas"}
    again = await put(crowd, path, FILE)
    assert again.json() == {"added": 0, "unchanged": 4, "skipped": 1}
    assert (await crowd.viewer.get(path)).headers["ETag"] == read.headers["ETag"] == '"2"'


async def test_instants_are_shown_on_the_clocks_of_the_team(crowd: Crowd, path: str) -> None:
    """Half past eleven at night in UTC is the next day in Berlin."""
    await put(crowd, path, file_of(event(f"DTSTART:{NEXT}0101T233000Z")))
    assert (await crowd.viewer.get(path)).json()["dates"][0]["date"] == f"{NEXT}-01-02"


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", "missing", "body"),
        (b"<html>", "invalid_calendar", "line 1"),
        (FILE.replace(b"END:VCALENDAR", event("SUMMARY:x").encode() + b"END:VCALENDAR"), "invalid_calendar", "event 4"),
        (file_of(event(SUMMER, "RRULE:FREQ=DAILY")), "too_many_dates", "1000 at most"),
    ],
)
async def test_a_bad_file_leaves_everything_as_it_was(
    crowd: Crowd, path: str, content: bytes, code: str, told: str
) -> None:
    """The refusal names line or event, and none of the good events is stored."""
    before = (await crowd.viewer.get(path)).json()
    answer = await put(crowd, path, content)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (422, code, "body")
    assert told in answer.json()["detail"]
    assert (await crowd.viewer.get(path)).json() == before


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"json": {"file": "x"}}, "not_a_calendar"),
        ({"json": {"url": 7}}, "string_type"),
        ({"json": {"url": "https://example.com/x.ics", "file": "x"}}, "unknown_field"),
        ({"json": []}, "not_a_calendar"),
        ({"content": b'{"url": "', "headers": {"Content-Type": "application/json"}}, "invalid_json"),
    ],
)
async def test_what_is_no_file(crowd: Crowd, path: str, options: dict[str, Any], code: str) -> None:
    """JSON that is no address is told what to send instead."""
    answer = await crowd.admin.post(f"{path}/import", **options)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_file_has_a_limit_and_a_version(crowd: Crowd, path: str) -> None:
    """More than 256 kB are 413; an older version than the calendar's is 412."""
    big = await put(crowd, path, FILE + b" " * 256 * 1024)
    assert (big.status_code, big.json()["code"]) == (413, "body_too_large")
    assert (await put(crowd, path, FILE, **{"If-Match": '"9"'})).status_code == 412


async def test_a_repeated_import_under_one_key_answers_the_same(crowd: Crowd, path: str) -> None:
    """The first answer comes again; another file under the key is refused."""
    key = {"Idempotency-Key": "i1"}
    first, again = [await put(crowd, path, FILE, **key) for _ in range(2)]
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    other = await put(crowd, path, FILE + b"\r\n", **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_what_repeats_is_followed_for_ten_years(crowd: Crowd, path: str) -> None:
    """From two years back to ten years ahead of today."""
    await put(crowd, path, file_of(event("DTSTART;VALUE=DATE:20010101", "RRULE:FREQ=YEARLY", "SUMMARY:New Year")))
    found = [each["date"] for each in (await crowd.viewer.get(path)).json()["dates"] if each["name"] == "New Year"]
    today = datetime.now(UTC).date()
    assert len(found) in {12, 13}
    assert found[0] >= (today - timedelta(days=731)).isoformat()
    assert f"{today.year + 10}-01-01" in found
