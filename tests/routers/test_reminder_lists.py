"""Listing reminders: filters, orders, and pages that inserts do not shift."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.api import Person
from tests.fixtures.reminders import Crowd, once

SORTS = ("next_run_at", "-next_run_at", "created_at", "-created_at")


async def make(person: Person, path: str, hours: int, **fields: Any) -> dict[str, Any]:
    """Create a reminder some hours ahead."""
    answer = await person.post(path, json=once(timedelta(hours=hours), message=f"in {hours} h") | fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def walk(person: Person, path: str, between: Callable[[], Any] | None = None, **params: Any) -> list[str]:
    """Read a list two at a time, doing something between pages, and return the messages."""
    seen: list[str] = []
    cursor = {}
    while True:
        answer = await person.get(path, params={"limit": 2, **params, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        seen += [item["message"] for item in page["items"]]
        if page["next_cursor"] is None:
            return seen
        cursor = {"cursor": page["next_cursor"]}
        if between is not None:
            await between()


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_hold_everything_once(crowd: Crowd, sort: str) -> None:
    """Whatever the order, the pages together hold each reminder once, also those without a next run."""
    for hours in (3, 1, 5, 2, 4):
        made = await make(crowd.member, crowd.reminders, hours)
        if hours > 3:
            await crowd.member.post(f"/reminders/{made['id']}/skip")
    whole = (await crowd.viewer.get(crowd.reminders, params={"sort": sort})).json()
    assert whole["next_cursor"] is None
    messages = [item["message"] for item in whole["items"]]
    assert sorted(messages) == [f"in {hours} h" for hours in range(1, 6)]
    assert await walk(crowd.viewer, crowd.reminders, sort=sort) == messages
    assert await walk(crowd.viewer, "/reminders", sort=sort) == messages


async def test_orders(crowd: Crowd) -> None:
    """The next run comes first by default, what has none last; a minus turns the order round."""
    for hours in (2, 3, 1):
        await make(crowd.member, crowd.reminders, hours)
    assert await walk(crowd.viewer, crowd.reminders) == ["in 1 h", "in 2 h", "in 3 h"]
    assert await walk(crowd.viewer, crowd.reminders, sort="-next_run_at") == ["in 3 h", "in 2 h", "in 1 h"]
    assert await walk(crowd.viewer, crowd.reminders, sort="created_at") == ["in 2 h", "in 3 h", "in 1 h"]
    assert await walk(crowd.viewer, crowd.reminders, sort="-created_at") == ["in 1 h", "in 3 h", "in 2 h"]


async def test_inserts_between_pages_shift_nothing(crowd: Crowd) -> None:
    """A reminder added before the place where a reader stands neither repeats nor hides a row."""
    for hours in range(10, 16):
        await make(crowd.member, crowd.reminders, hours)

    async def insert() -> None:
        await make(crowd.member, crowd.reminders, 1)

    assert await walk(crowd.viewer, crowd.reminders, insert) == [f"in {hours} h" for hours in range(10, 16)]


async def test_all_mine_are_of_all_my_teams_and_no_others(crowd: Crowd) -> None:
    """`GET /reminders` merges my teams in one order, and shows nothing of teams that I am not in."""
    await make(crowd.member, crowd.reminders, 2)
    await make(crowd.member, "/reminders", 1)
    await make(crowd.member, "/reminders", 3)
    await make(crowd.owner, "/reminders", 4)
    assert await walk(crowd.member, "/reminders") == ["in 1 h", "in 2 h", "in 3 h"]
    assert await walk(crowd.stranger, "/reminders") == []


async def test_status_in_any_case(crowd: Crowd) -> None:
    """The status filter takes any case, and only who asks sees what is deleted."""
    for hours, verb in ((1, None), (2, "pause"), (3, "skip"), (4, "delete")):
        made = await make(crowd.member, crowd.reminders, hours)
        if verb == "delete":
            await crowd.member.delete(f"/reminders/{made['id']}")
        elif verb:
            await crowd.member.post(f"/reminders/{made['id']}/{verb}")
    for word, message in (("ACTIVE", 1), ("Paused", 2), ("completed", 3), ("Deleted", 4)):
        assert await walk(crowd.viewer, crowd.reminders, status=word) == [f"in {message} h"]
    assert len(await walk(crowd.viewer, crowd.reminders)) == 3
    assert (await crowd.viewer.get(crowd.reminders, params={"status": "asleep"})).status_code == 422


async def test_due_is_a_window_over_what_is_active(crowd: Crowd) -> None:
    """`due_after` is inclusive, `due_before` exclusive, and what is paused is not due."""
    made = [await make(crowd.member, crowd.reminders, hours) for hours in (1, 2, 3, 4)]
    await crowd.member.post(f"/reminders/{made[2]['id']}/pause")
    window = {"due_after": made[1]["next_run_at"], "due_before": made[3]["next_run_at"]}
    assert await walk(crowd.viewer, crowd.reminders, **window) == ["in 2 h"]


async def test_by_what_it_is_about(crowd: Crowd) -> None:
    """Entity, event and origin narrow a list exactly."""
    await make(crowd.member, crowd.reminders, 1, entity_type="task", entity_id="TSK-123", event_type="due")
    await make(crowd.member, crowd.reminders, 2, entity_type="task", entity_id="TSK-124", event_type="due")
    assert await walk(crowd.viewer, crowd.reminders, entity_type="task", entity_id="TSK-123") == ["in 1 h"]
    assert len(await walk(crowd.viewer, "/reminders", event_type="due", created_via="api")) == 2
    assert await walk(crowd.viewer, "/reminders", created_via="slack") == []


async def test_text_is_found_as_it_stands(crowd: Crowd) -> None:
    """`q` finds part of message or notes in any case, and its wildcards are mere characters."""
    await make(crowd.member, crowd.reminders, 1, message="Pay 100% of it")
    await make(crowd.member, crowd.reminders, 2, message="Pay 1000", notes="Ask ADA_L first")
    assert await walk(crowd.viewer, crowd.reminders, q="pay") == ["Pay 100% of it", "Pay 1000"]
    assert await walk(crowd.viewer, crowd.reminders, q="100%") == ["Pay 100% of it"]
    assert await walk(crowd.viewer, crowd.reminders, q="ada_l") == ["Pay 1000"]
    assert await walk(crowd.viewer, crowd.reminders, q="a_a") == []


async def test_assignee_is_whom_it_would_reach(crowd: Crowd) -> None:
    """A list by assignee holds what would reach that person, by any kind of audience."""
    admin, me = crowd.admin.user["id"], crowd.member.user["id"]
    audiences = [
        {"kind": "team"},
        {"kind": "creator"},
        {"kind": "users", "users": [admin]},
        {"kind": "roles", "roles": ["admin"]},
    ]
    for hours, audience in enumerate(audiences, start=1):
        await make(crowd.member, crowd.reminders, hours, audience=audience)
    assert await walk(crowd.member, crowd.reminders, assignee="me") == ["in 1 h", "in 2 h"]
    assert await walk(crowd.admin, "/reminders", assignee=me) == ["in 1 h", "in 2 h"]
    assert await walk(crowd.viewer, crowd.reminders, assignee=admin) == ["in 1 h", "in 3 h", "in 4 h"]
    assert await walk(crowd.viewer, crowd.reminders, assignee=crowd.stranger.user["id"]) == []


async def test_a_cursor_belongs_to_its_order(crowd: Crowd) -> None:
    """A cursor of another order, or none of ours, is refused by its field."""
    for hours in (1, 2):
        await make(crowd.member, crowd.reminders, hours)
    page = (await crowd.viewer.get(crowd.reminders, params={"limit": 1})).json()
    for cursor in (page["next_cursor"], "nonsense"):
        answer = await crowd.viewer.get(crowd.reminders, params={"cursor": cursor, "sort": "created_at"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")
        assert answer.json()["errors"][0]["field"] == "cursor"


async def test_an_assignee_is_me_or_an_id(crowd: Crowd) -> None:
    """Anything else is refused once, by the name that was sent."""
    answer = await crowd.viewer.get(crowd.reminders, params={"assignee": "everybody"})
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("assignee", "invalid_assignee")]
