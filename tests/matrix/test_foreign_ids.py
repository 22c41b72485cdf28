"""An id of another team is like one that does not exist: in paths, in queries, in bodies, one by one and together."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.ids import uuid7
from tests.fixtures.world import World
from tests.matrix import traces
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.principals import Principal
from tests.matrix.rules import Rule, Spot, ask, spots

# What could stand in the same place and belong to somebody else, too.
ALSO = {"address": ("my_address",), "spare": ("me",), "me": ("spare",), "my_address": ("address",)}
Case = tuple[Operation, Rule, tuple[Spot, ...], tuple[str, ...]]


def cases() -> Iterator[Case]:
    """Yield every id of every operation with what is to stand there instead, and all ids of an operation at once."""
    for id_, operation in operations().items():
        if id_ not in POLICY:
            continue
        rule = POLICY[id_]
        found = spots(operation, rule)
        for spot in found:
            for word in (spot.word, *ALSO.get(spot.word, ())):
                yield operation, rule, (spot,), (word,)
        if len(found) > 1:
            yield operation, rule, tuple(found), tuple(spot.word for spot in found)


async def compared(world: World, principal: Principal, case: Case) -> str | None:
    """Send a request with foreign and with absent ids; return what differs, or is no refusal."""
    operation, rule, replaced, words = case
    own = world.ours.ids | dict(principal.ids)
    answers = []
    foreign = [world.theirs.ids[word] for word in words]
    for instead in (foreign, [str(uuid7()) for _ in words]):
        probe = with_ids(rule, replaced, instead)
        answer = await world.send(principal, ask(operation, probe, own))
        answers.append(traces.normal(answer, *instead))
        if leaks := traces.leaked(answer, [world.theirs.marker]):
            return f"{operation.id} {replaced}: leaks {leaks}"
    in_path = any(spot.place == "path" for spot in replaced)
    # A filter finds nothing under either id; that nothing came of it is looked at in the end.
    allowed = {404} if in_path else {404, 422, rule.status}
    if rule.door == "operator":
        allowed = {403}
    if answers[0] != answers[1] or answers[0][0] not in allowed:
        return f"{operation.id} {[spot.name for spot in replaced]} as {principal.name}: {answers}"
    return None


def with_ids(rule: Rule, replaced: tuple[Spot, ...], instead: list[str]) -> Rule:
    """Return a rule with other ids in some spots."""
    ids, query, body = dict(rule.ids), dict(rule.query), rule.body if rule.probe is None else rule.probe
    for spot, value in zip(replaced, instead, strict=True):
        if spot.place == "path":
            ids[spot.name] = value
        elif spot.place == "query":
            query[spot.name] = value
        else:
            body = put(body, spot.name.split("."), value, spot.word)
    return replace(rule, ids=ids, query=query, body=body)


def put(template: Any, path: list[str], value: str, word: str) -> Any:
    """Return a template with an id in place of a placeholder."""
    if not path:
        return template.replace(f"<{word}>", value)
    name: Any = int(path[0]) if isinstance(template, list) else path[0]
    items = list(template) if isinstance(template, list) else dict(template)
    items[name] = put(items[name], path[1:], value, word)
    return items


async def test_foreign_ids_are_like_absent_ones(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """To an owner and to a key with every right elsewhere, another team's ids are absent.

    Nothing changes, nothing is shown, and no log names what was written.
    """
    before = await traces.rows(world.app.state.database)
    askers = [world.principal("owner"), world.principal("key to admin")]
    pairs = [(asker, case) for asker in askers for case in cases() if not (asker.key and case[1].person)]
    found = [await compared(world, asker, case) for asker, case in pairs]
    assert not any(found), "\n".join(each for each in found if each)
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []
    logged = capsys.readouterr()
    assert not [each for each in (world.ours.marker, world.theirs.marker) if each in logged.out + logged.err]
    assert "/quick-add" in logged.out, "nothing was logged at all"
    print(f"\nmatrix: {len(pairs)} foreign ids")
