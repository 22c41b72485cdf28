"""Every list of the OpenAPI document is paged, and stable while things are added."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.api.more import MORE, More
from tests.api.stage import Stage, answered, furnish
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Fire
from tests.matrix.operations import Operation, operations

PAGE = {"items", "next_cursor"}


@pytest.fixture
async def more(app: FastAPI, arrive: Arrive, fire: Fire) -> More:
    """A way to let there be one more of anything that is listed."""
    return More(await furnish(app, arrive, fire), arrive)


def lists() -> Iterator[Operation]:
    """Yield the operations that answer with a page."""
    for operation in operations().values():
        if operation.method == "GET" and answered(operation).get("properties", {}).keys() == PAGE:
            yield operation


def test_whatever_is_listed_is_paged() -> None:
    """No GET answers with a bare array, or with `items` in a shape of its own; each list has a way to grow here."""
    for operation in operations().values():
        if operation.method == "GET":
            found = answered(operation)
            assert found.get("type") != "array", operation.id
            assert "items" not in found.get("properties", {}) or found["properties"].keys() == PAGE, operation.id
    assert MORE.keys() == {operation.id for operation in lists()}


async def test_pages_are_stable_under_inserts(more: More) -> None:
    """Nothing comes twice and nothing is left out that was there at the first page, while more comes in between."""
    for operation in lists():
        for _ in range(7):
            await more.of(operation.id)
        whole = [key(each) for each in (await read(more.stage, operation, limit=200))["items"]]
        assert len(whole) >= 7, operation.id
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await read(more.stage, operation, limit=2, **({"cursor": cursor} if cursor else {}))
            assert len(page["items"]) <= 2
            seen += [key(each) for each in page["items"]]
            cursor = page["next_cursor"]
            if len(seen) < 8:
                await more.of(operation.id)
        assert len(seen) == len(set(seen)), operation.id
        assert set(whole) <= set(seen), operation.id


def key(item: dict[str, Any]) -> str:
    """Return what an item is known by."""
    return str(item.get("id") or item["user_id"])


async def read(stage: Stage, operation: Operation, status: int = 200, **params: Any) -> dict[str, Any]:
    """Read one page."""
    answer = await stage.side.owner.get(path(stage, operation), params=params)
    assert answer.status_code == status, f"{operation.id}: {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


def path(stage: Stage, operation: Operation) -> str:
    """Return the path of a list below /api/v1."""
    return stage.ask(operation).path.removeprefix("/api/v1")


async def test_what_is_no_page_is_refused(more: More) -> None:
    """A limit beyond 1 to 200 and a cursor that is none, or that of another list, are refused by every list."""
    cursors = {}
    for operation in lists():
        for limit in (0, 201, "x"):
            refused = await read(more.stage, operation, 422, limit=limit)
            assert [each["field"] for each in refused["errors"]] == ["limit"], operation.id
        for cursor in ("x", "bm9uc2Vuc2U", urlsafe_b64encode(b'["-x.created_at",null,null]').decode()):
            assert (await read(more.stage, operation, 422, cursor=cursor))["code"] == "invalid_cursor", operation.id
        for _ in range(2):
            await more.of(operation.id)
        cursors[operation.id] = (await read(more.stage, operation, limit=1))["next_cursor"]
    teams = next(each for each in lists() if each.id == "list_teams")
    for other, cursor in cursors.items():
        if other != teams.id:
            assert (await read(more.stage, teams, 422, cursor=cursor))["code"] == "invalid_cursor", other
