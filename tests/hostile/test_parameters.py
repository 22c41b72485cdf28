"""Every parameter of every path and query, in forms that no client of ours would write."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from tests.fixtures.world import World
from tests.hostile.test_bodies import asker
from tests.hostile.values import TOKEN, types
from tests.matrix import traces
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.rules import Ask, ask, filled, parameters

# Percent-encoded, so that they arrive as they are.
HOSTILE = {
    "NUL": f"{TOKEN}%00",
    "half a surrogate pair": f"{TOKEN}%ED%A0%80",
    "no UTF-8": f"%FF%FE{TOKEN}",
    "an overlong slash": f"%C0%AF{TOKEN}",
    "up": "..%2F..%2Fetc%2Fpasswd",
    "a line": f"{TOKEN}%0D%0ASet-Cookie:%20a=b",
    "long": TOKEN + "x" * 5_000,
    "blank": "%20",
    "minus one": "-1",
    "huge": "1" + "0" * 30,
    "a float": "1e400",
    "NaN": "NaN",
    "null": "null",
    "year 9999": "9999-12-31T23:59:59Z",
    "year 1": "0001-01-01T00:00:00Z",
    "no such day": "2027-02-30T00:00:00Z",
    "a quote": quote(f"'{TOKEN}\" or 1=1; --"),
    "other digits": quote("١٢"),
    "per cent": "%",
}
# Text that a filter looks for may be any text, except for what no text here can be.
NO_TEXT = {"NUL", "long"}


@dataclass(frozen=True)
class Attempt:
    """One request with one hostile parameter."""

    operation: Operation
    place: str
    name: str
    what: str
    refused: bool
    ask: Ask


def attempts(world: World) -> Iterator[Attempt]:
    """Yield every parameter with every hostile value."""
    ids = world.ours.ids | dict(world.principal("owner").ids)
    for id_, operation in operations().items():
        if id_ not in POLICY:
            continue
        rule = POLICY[id_]
        valid = ask(operation, rule, ids)
        names = filled(parameters(operation, rule), ids)
        for each in operation.parameters:
            for what, value in HOSTILE.items():
                if each["in"] == "path":
                    path = operation.path.format(**names | {each["name"]: value})
                    yield Attempt(operation, "path", each["name"], what, True, replace(valid, path=path))
                elif each["in"] == "query":
                    with_it = f"{valid.path}?{each['name']}={value}"
                    text_only = types(each["schema"]) <= {"string", "null"} and _is_plain(each["schema"])
                    refused = what in NO_TEXT if text_only else True
                    options = {key: held for key, held in valid.options.items() if key != "params"}
                    yield Attempt(operation, "query", each["name"], what, refused, Ask(valid.method, with_it, options))


def _is_plain(schema: dict[str, object]) -> bool:
    text = str(schema)
    return not any(word in text for word in ("'format'", "'enum'", "'const'"))


async def test_odd_parameters_are_refused(world: World) -> None:
    """In a path they are answered 404 or 422, in a query 422 unless it looks for any text.

    Nothing is stored, nothing repeated but the path itself, and no header is made of them.
    """
    found, number = [], 0
    before = await traces.rows(world.app.state.database)
    for attempt in attempts(world):
        number += 1
        principal = asker(world, attempt.operation)
        answer = await world.send(principal, attempt.ask)
        allowed = {404, 405, 422} if attempt.place == "path" else {422} if attempt.refused else {200, 422}
        told = answer.text.replace(str(answer.url.path), "") if attempt.place == "path" else answer.text
        if answer.status_code not in allowed:
            found.append(f"{attempt.operation.id} {attempt.name} {attempt.what}: {answer.status_code}")
        if answer.status_code != 200 and (TOKEN in _without_instance(answer.json()) or "set-cookie" in answer.headers):
            found.append(f"{attempt.operation.id} {attempt.name} {attempt.what}: {told[:200]}")
    assert not found, "\n".join(found)
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []
    print(f"\nhostile: {number} parameters")


def _without_instance(problem: dict[str, object]) -> str:
    return str({name: value for name, value in problem.items() if name != "instance"})
