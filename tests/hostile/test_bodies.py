"""Every field of every body, with every value that it must not take."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from httpx2 import Response

from tests.fixtures.world import World
from tests.hostile import values
from tests.hostile.places import objects, places
from tests.matrix import traces
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.principals import Principal
from tests.matrix.rules import Ask, ask, filled

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Attempt:
    """One hostile request, what is hostile about it, and the field that should be named."""

    operation: Operation
    what: str
    field: str
    content: bytes


def with_bodies() -> Iterator[tuple[Operation, Any]]:
    """Yield every operation that takes JSON, with the template of a valid body."""
    for id_, operation in operations().items():
        if operation.media_type == "application/json" and id_ in POLICY:
            yield operation, POLICY[id_].body


def attempts(world: World, *, endured: bool) -> Iterator[Attempt]:
    """Yield every place of every body with every value that must be refused there, or that must be endured."""
    for operation, template in with_bodies():
        body = filled(template, world.ours.ids | dict(world.principal("owner").ids))
        for place in places(operation.body or {}, body):
            last = next(part for part in reversed(place.path) if isinstance(part, str))
            chosen = values.endured(place.schema) if endured else values.refused(last, place.schema)
            for what, raw in chosen:
                yield Attempt(operation, what, place.name, place.filled(raw))
        if not endured:
            yield from whole(operation, body)


def whole(operation: Operation, body: Any) -> Iterator[Attempt]:
    """Yield bodies that are wrong as a whole, and objects with a field that nobody knows."""
    for place in objects(operation.body or {}, body):
        yield Attempt(operation, "unknown field", place.name, place.filled(f'"{values.TOKEN}"'))
        yield Attempt(operation, "depth", place.name, place.filled(values.nested()))
    text = json.dumps(body)
    for what, content in {
        "no JSON": b"{",
        "half a body": text.encode()[:-1],
        "a list": b"[]",
        "a text": json.dumps(values.TOKEN).encode(),
        "a number": b"1",
        "depth": values.nested().encode(),
        "no UTF-8": b'{"\xff\xfe": 1}',
        "two bodies": f"{text}{text}".encode(),
        "too large": text.encode() + b" " * 300_000,
        "NaN": b"NaN",
    }.items():
        yield Attempt(operation, what, "", content)


def asker(world: World, operation: Operation) -> Principal:
    """Return who may do an operation."""
    door = POLICY[operation.id].door
    return world.principal({"open": "anonymous", "operator": "operator"}.get(door, "owner"))


async def sent(world: World, attempt: Attempt, headers: dict[str, str] = JSON) -> Response:
    """Send an attempt as somebody who may do the operation."""
    principal = asker(world, attempt.operation)
    template = ask(attempt.operation, replace(POLICY[attempt.operation.id], body=None), ids(world, principal))
    options = {"content": attempt.content, "headers": template.options["headers"] | headers}
    return await world.send(principal, Ask(template.method, template.path, options))


def ids(world: World, principal: Principal) -> dict[str, str]:
    """Return the ids of our team and of a principal."""
    return world.ours.ids | dict(principal.ids)


def faults(attempt: Attempt, answer: Response) -> Iterator[str]:
    """Yield what is wrong with a refusal."""
    # A secret of no shape is as wrong as any other; and where there is no second factor, none is looked at.
    secret = {401} if attempt.field.endswith("token") else {409} if "totp" in attempt.operation.path else set()
    if answer.status_code not in {400, 413, 422} | secret:
        yield f"status {answer.status_code}"
        return
    if answer.headers["content-type"] != "application/problem+json":
        yield f"type {answer.headers['content-type']}"
        return
    problem = json.loads(answer.text, parse_constant=_no_constant)
    if values.TOKEN in answer.text:
        yield "repeats the value"
    if not problem.get("code"):
        yield "names no code"
    named = [each["field"] for each in problem.get("errors") or ()]
    if answer.status_code == 422 and attempt.field and not any(_about(attempt.field, field) for field in named):
        yield f"names {named} instead of {attempt.field}"


def _about(field: str, named: str) -> bool:
    # A list may be refused as a whole, and an object for what is in it.
    return named in {"body", field} or field.startswith(f"{named}.") or named.startswith(f"{field}.")


def _no_constant(name: str) -> None:
    raise ValueError(name)


async def test_what_must_be_refused_is(world: World) -> None:
    """Each is answered 4xx, as a problem with a code that names the field and repeats nothing; nothing is stored."""
    found, number = [], 0
    before = await traces.rows(world.app.state.database)
    for attempt in attempts(world, endured=False):
        number += 1
        wrong = [*faults(attempt, await sent(world, attempt))]
        found += [f"{attempt.operation.id}: {attempt.what} in {attempt.field}: {each}" for each in wrong]
    after = await traces.rows(world.app.state.database)
    assert not found, "\n".join([str(len(found)), *found])
    assert traces.differences(before, after) == []
    print(f"\nhostile: {number} bodies refused")


@pytest.mark.usefixtures("nothing_lasts")
async def test_what_may_be_taken_does_no_harm(world: World) -> None:
    """Odd text, great numbers and empty things are taken or refused, and never end in a failure of ours."""
    found, number = [], 0
    for attempt in attempts(world, endured=True):
        # Passwords are reckoned with for long; what is left out is the mistake that nobody thinks of.
        if not POLICY[attempt.operation.id].slow or attempt.what == "nothing":
            number += 1
            answer = await sent(world, attempt)
            if answer.status_code >= 500:
                found.append(f"{attempt.operation.id}: {attempt.what} in {attempt.field}: {answer.status_code}")
    assert not found, "\n".join(found)
    print(f"\nhostile: {number} bodies endured")
