"""Headers that nobody would send: refused where they mean something, left alone where they do not."""

import re
from collections.abc import Iterator

import pytest

from tests.fixtures.world import World
from tests.hostile.values import TOKEN
from tests.matrix import traces
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.rules import Ask, ask

ODD = {
    "empty": b"",
    "long": TOKEN.encode() + b"x" * 3_000,
    "no ASCII": "ü".encode("latin-1"),
    "UTF-8": "🗓".encode(),
    "no text": b"\xff\xfe",
    "a tab": f"a\t{TOKEN}".encode(),
    "NUL": f"a\0{TOKEN}".encode(),
}
MATCHES = {
    "weak": b'W/"1"', "another's": b'"x"', "without quotes": b"1", "huge": b'"99999999999999999999"',
    "other digits": '"\u0661"'.encode(), "many": b'"9",' * 300, "half open": b'"1', "a comma": b",",
}  # fmt: skip
REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKENS = (b"Bearer", b"Bearer ", b"Bearer a.b.c", b"bearer \xff\xfe", b"Basic YTpi", b"Bearer " + b"x" * 50_000, b"\0",
          b"Bearer rk_", b"Bearer rk_" + b"a" * 12 + b"_" + b"b" * 49)  # fmt: skip


def having(header: str) -> Iterator[Operation]:
    """Yield the operations that document a header."""
    for id_, operation in operations().items():
        names = {each["name"].lower() for each in operation.parameters if each["in"] == "header"}
        if header in names and id_ in POLICY:
            yield operation


def with_header(world: World, operation: Operation, name: str, value: bytes) -> Ask:
    """Return the valid request of an operation with a header in it."""
    made = ask(operation, POLICY[operation.id], world.ours.ids | dict(world.principal("owner").ids))
    return Ask(made.method, made.path, made.options | {"headers": made.options["headers"] | {name: value}})


async def test_odd_idempotency_keys_are_refused(world: World) -> None:
    """A key that is empty, too long or not visible ASCII is 422, and nothing is done."""
    owner, found = world.principal("owner"), []
    before = await traces.rows(world.app.state.database)
    for operation in having("idempotency-key"):
        for what, value in ODD.items():
            answer = await world.send(owner, with_header(world, operation, "Idempotency-Key", value))
            if (answer.status_code, answer.json().get("code")) != (422, "invalid_idempotency_key"):
                found.append(f"{operation.id} {what}: {answer.status_code} {answer.text[:100]}")
            elif TOKEN in answer.text:
                found.append(f"{operation.id} {what}: repeats it")
    assert not found, "\n".join(found)
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []


async def test_odd_preconditions_hold_nothing(world: World) -> None:
    """An If-Match that is no tag of ours matches nothing: 412, or 422 where it is beyond all measure."""
    owner, found = world.principal("owner"), []
    before = await traces.rows(world.app.state.database)
    for operation in having("if-match"):
        for what, value in (MATCHES | ODD).items():
            answer = await world.send(owner, with_header(world, operation, "If-Match", value))
            if answer.status_code not in {412, 422}:
                found.append(f"{operation.id} {what}: {answer.status_code} {answer.text[:100]}")
    assert not found, "\n".join(found)
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []


@pytest.mark.usefixtures("nothing_lasts")
async def test_odd_languages_and_request_ids_are_left_alone(world: World) -> None:
    """They change nothing of what is answered; a request id of ours takes the place of an odd one."""
    owner = world.principal("owner")
    for id_ in ("list_reminders", "preview_schedule", "create_team_reminder"):
        operation = operations()[id_]
        for value in ODD.values():
            for name in ("Accept-Language", "X-Request-ID", "User-Agent", "X-Forwarded-For"):
                answer = await world.send(owner, with_header(world, operation, name, value))
                assert answer.status_code == POLICY[id_].status, (id_, name, value)
                assert REQUEST_ID.fullmatch(answer.headers["X-Request-ID"])


async def test_odd_tokens_open_nothing(world: World) -> None:
    """Whatever stands in `Authorization`, it is 401, with the scheme that would be right."""
    for id_ in ("read_me", "list_reminders", "create_team"):
        for value in TOKENS:
            request = with_header(world, operations()[id_], "Authorization", value)
            answer = await world.send(world.principal("anonymous"), request)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), (id_, value)
