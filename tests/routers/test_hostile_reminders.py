"""Never a 500 from input, and text comes back as it was sent."""

from typing import Any

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import once

REFUSED = {
    "nul": r'{"message": "a\u0000b", "schedule": %s}',
    "half a pair": r'{"message": "\ud800", "schedule": %s}',
    "not a number": '{"message": "a", "max_lateness": NaN, "schedule": %s}',
    "huge number": '{"message": "a", "schedule": {"kind": "interval", "every": 1000000000000000000000000000000}}',
    "year 9999": '{"message": "a", "schedule": {"kind": "once", "at": "9999-12-31T23:59:59Z"}}',
    "no object": "[]",
    "no json": "{",
    "deep": '{"message": "a", "audience": ' + "[" * 20 + "]" * 20 + ', "schedule": %s}',
    "number for text": '{"message": 1, "schedule": %s}',
    "schedule as text": '{"message": "a", "schedule": "tomorrow"}',
    "kind as list": '{"message": "a", "schedule": {"kind": ["once"]}}',
}
SCHEDULE = '{"kind": "interval", "every": "PT1H"}'


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
async def test_what_no_database_takes_is_refused(ada: Person, body: str) -> None:
    """Bodies made to break something are answered 422, as a problem that does not repeat them."""
    content = body.replace("%s", SCHEDULE).encode()
    answer = await ada.post("/reminders", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


TEXTS = [
    "'; drop table reminders; --",
    "<script>alert(1)</script>",
    "%s %d {0} ${x}",
    "a\u2028b\u0085c",
    "🗓️ \u202eabc",
    "İıß",
]


@pytest.mark.parametrize("text", TEXTS)
async def test_text_is_only_text(ada: Person, text: str) -> None:
    """Whatever is written comes back letter by letter, and is found by itself."""
    key = {"entity_type": text, "entity_id": text, "event_type": text}
    made = await ada.post("/reminders", json=once(message=text, notes=text, **key))
    assert made.status_code == 201
    found = (await ada.get("/reminders", params={"q": text, "entity_id": text})).json()["items"]
    assert [(item["message"], item["notes"], item["entity_id"]) for item in found] == [(text, text, text)]


QUERIES: list[dict[str, Any]] = [
    {"q": "a\0"}, {"limit": "1e9"}, {"limit": 0}, {"due_after": "9999-12-31T23:59:59Z"}, {"due_after": "2026-11-27"},
    {"cursor": "\0"}, {"cursor": "A" * 1001}, {"assignee": "you"}, {"sort": "message"}, {"created_via": "fax"},
    {"entity_id": "x" * 201},
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=str)
async def test_queries_are_checked_too(ada: Person, query: dict[str, Any]) -> None:
    """A filter that cannot be is answered 422, and never reaches the database."""
    for path in ("/reminders", f"/teams/{ada.team_id}/reminders"):
        assert (await ada.get(path, params=query)).status_code == 422


@pytest.mark.parametrize("name", ["x", "%00", "1", "0190b5f0-0000-7000-8000-00000000000g", "..%2f"])
async def test_ids_are_ids(ada: Person, name: str) -> None:
    """What is no id is refused wherever an id is expected."""
    paths = (f"/reminders/{name}", f"/teams/{name}/reminders", f"/occurrences/{name}", f"/deliveries/{name}")
    answers = [await ada.get(path) for path in paths]
    assert {answer.status_code for answer in answers} <= {404, 422}
