"""Every operation, asked by every principal, answers what the policy table says."""

import pytest
from httpx2 import Response

from tests.fixtures.world import World
from tests.matrix import traces
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.principals import Principal
from tests.matrix.rules import Rule, ask

ENOUGH = ("anonymous", "garbage", "owner")
Case = tuple[Operation, Rule, Principal]


def cases(world: World) -> list[Case]:
    """Return every operation with every principal."""
    return [
        (operations()[id_], rule, principal)
        for id_, rule in POLICY.items()
        for principal in world.principals
        if id_ in operations() and (not rule.slow or _is_cheap(rule, principal))
    ]


def _is_cheap(rule: Rule, principal: Principal) -> bool:
    # Whoever is refused at the door is refused before any password is looked at.
    return principal.name in ENOUGH or (rule.door != "open" and principal.expects(rule) in {401, 403})


async def sent(world: World, case: Case) -> Response:
    """Send the request of a case with what belongs to our team, and to the principal."""
    operation, rule, principal = case
    return await world.send(principal, ask(operation, rule, world.ours.ids | principal.ids))


def wrong(case: Case, answer: Response, markers: list[str]) -> str | None:
    """Return what is wrong with an answer, if anything."""
    operation, rule, principal = case
    expected, leaks = principal.expects(rule), traces.leaked(answer, markers)
    if answer.status_code == expected and (not leaks or rule.hidden):
        return None
    said = answer.text[:150] if answer.status_code >= 400 else ""
    return f"{operation.id} as {principal.name}: {answer.status_code} instead of {expected} {leaks or ''} {said}"


async def test_who_may_not_is_refused_and_nothing_changes(world: World) -> None:
    """Refusals are the status of the policy, show nothing, and leave every row of every table as it was."""
    before = await traces.rows(world.app.state.database)
    refused = [case for case in cases(world) if case[2].expects(case[1]) >= 400 and case[1].door != "open"]
    markers = [world.ours.marker, world.theirs.marker]
    found = [wrong(case, await sent(world, case), markers) for case in refused]
    assert not any(found), "\n".join(each for each in found if each)
    assert traces.differences(before, await traces.rows(world.app.state.database)) == []
    print(f"\nmatrix: {len(refused)} requests refused")


@pytest.mark.usefixtures("nothing_lasts")
async def test_who_may_is_let_in(world: World) -> None:
    """Who may, succeeds; in no answer stands a word of a team that one does not belong to."""
    may = [case for case in cases(world) if case[2].expects(case[1]) < 400 or case[1].door == "open"]
    found = [wrong(case, await sent(world, case), hidden_from(case[2], world)) for case in may]
    assert not any(found), "\n".join(each for each in found if each)
    print(f"\nmatrix: {len(operations())} operations, {len(world.principals)} principals, {len(may)} requests let in")


def hidden_from(principal: Principal, world: World) -> list[str]:
    """Return the words that must not be shown to a principal."""
    if principal.role:
        return [world.theirs.marker]
    elsewhere = principal.name in {"stranger", "key of another team"}
    return [world.ours.marker] if elsewhere else [world.ours.marker, world.theirs.marker]
