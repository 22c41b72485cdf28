"""The list of guards follows the code, so that the mutation check mutates something."""

from tests.house.source import ROOT
from tests.mutations.__main__ import without
from tests.mutations.guards import GUARDS


def test_every_guard_is_where_the_list_says() -> None:
    """Each stands at exactly one place of its file, and its tests are there."""
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
    for guard in GUARDS:
        whole = (ROOT / guard.file).read_text()
        assert without(guard, whole) != whole, guard.name
        assert all((ROOT / test).exists() for test in guard.tests), guard.name
