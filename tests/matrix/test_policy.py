"""The policy table and the OpenAPI document name the same operations and the same ids."""

from tests.matrix.operations import operations
from tests.matrix.policy import POLICY
from tests.matrix.rules import spots


def test_every_operation_has_a_policy() -> None:
    """An operation without a line is one that nobody has decided about; a line without an operation is a ruin."""
    missing = [f"{each.id}: {each.method} {each.path}" for each in operations().values() if each.id not in POLICY]
    assert not missing, "\n".join(["no line in tests/matrix/rules_*.py for", *missing])
    assert POLICY.keys() - operations().keys() == set()


def test_every_id_is_tried_with_a_foreign_one() -> None:
    """Wherever the document takes an id, in path, query or body, the request of the policy has one to replace."""
    missed = {
        id_: sorted(set(operation.ids()) - {(spot.place, spot.name) for spot in spots(operation, POLICY[id_])})
        for id_, operation in operations().items()
        if id_ in POLICY
    }
    assert {id_: names for id_, names in missed.items() if names} == {}
