"""Every single thing has an entity tag, and whoever changes or ends one can say which version they have read."""

import pytest
from fastapi import FastAPI

from tests.api.stage import Stage, answered, asked, furnish
from tests.api.test_lists import PAGE
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Fire
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.traces import differences, rows

CHANGES = ("PATCH", "PUT", "DELETE")
# Several things at once, or none that anybody edits.
NO_THING = {"healthz", "readyz", "metrics", "export_me", "read_totp", "remove_totp", "end_other_sessions"}
NO_THING |= {"cancel_email_change"}
UNREAD = {"If-Match": '"999999"'}


@pytest.fixture
async def stage(app: FastAPI, arrive: Arrive, fire: Fire) -> Stage:
    """A team with one of everything."""
    return await furnish(app, arrive, fire)


def single(operation: Operation) -> bool:
    """Tell whether an operation answers with one thing."""
    return operation.id not in NO_THING and answered(operation).get("properties", {}).keys() != PAGE


def test_every_single_thing_is_documented_with_its_tag() -> None:
    """Each GET of one thing, and whatever else answers with a version, declares an ETag."""
    untagged = [
        operation.id
        for operation in operations().values()
        for status, answer in operation.responses.items()
        if status < "3"
        and operation.id not in NO_THING
        and "ETag" not in answer.get("headers", {})
        and (
            (operation.method == "GET" and single(operation))
            or "version" in answered(operation, status).get("properties", {})
        )
    ]
    assert untagged == []


def test_every_change_takes_if_match() -> None:
    """Each PATCH, PUT and DELETE of one thing takes If-Match, and says 412."""
    deaf = [
        operation.id
        for operation in operations().values()
        if operation.method in CHANGES
        and operation.id not in NO_THING
        and not (
            "if-match" in {each["name"].lower() for each in operation.parameters}
            and "version_conflict" in operation.codes(412)
        )
    ]
    assert deaf == []


async def test_every_single_thing_comes_with_its_tag(stage: Stage) -> None:
    """The ETag is there, and is the version where one is shown."""
    for operation in asked("GET"):
        if single(operation):
            answer = await stage.send(operation)
            assert answer.status_code == 200, f"{operation.id}: {answer.text}"
            version = answer.json().get("version")
            assert answer.headers["ETag"] == f'"{version or 1}"', operation.id


async def test_what_was_not_read_is_not_changed(stage: Stage) -> None:
    """With a version that is not today's, each change is 412 and changes nothing; with today's it is done once."""
    changes = [each for method in CHANGES for each in asked(method) if each.id not in NO_THING]
    for operation in sorted(changes, key=_when):
        tag = await _tag(stage, operation)
        before = await rows(stage.app.state.database)
        refused = await stage.send(operation, UNREAD)
        assert (refused.status_code, refused.json()["code"]) == (412, "version_conflict"), operation.id
        assert differences(before, await rows(stage.app.state.database)) == [], operation.id
        done = await stage.send(operation, {"If-Match": f"{tag}, {UNREAD['If-Match']}"})
        assert done.status_code == POLICY[operation.id].status, f"{operation.id}: {done.text}"
        if operation.method == "DELETE":
            again = await stage.send(operation)
            assert again.status_code == (401 if operation.id == "erase_me" else 404), f"{operation.id}: {again.text}"
    assert len(changes) > 12


def _when(operation: Operation) -> tuple[int, int]:
    """Parts before the whole, changes before the end; who leaves is missed by what names them."""
    ends = ("remove_member", "delete_team", "erase_me")
    return ends.index(operation.id) + 1 if operation.id in ends else 0, -operation.path.count("/")


async def _tag(stage: Stage, operation: Operation) -> str:
    """Return the tag of what an operation would change; a part has that of the whole."""
    path = stage.ask(operation).path.removeprefix("/api/v1")
    for _ in range(3):
        answer = await stage.side.owner.get(path)
        if "ETag" in answer.headers:
            return answer.headers["ETag"]
        path = path.rsplit("/", 1)[0]
    return '"1"'
