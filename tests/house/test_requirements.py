"""What is locked: the same versions in every set, tied to hashes and to no index, under permissive licences."""

import itertools
import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.house.source import ROOT, project

SETS = ["run", "all", "test", "dev"]
LINE = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z,]+\])?==(\S+)(?: ; (.+?))? \\$")
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|ISCL|PSF|Python Software Foundation|MPL|Mozilla Public License|Unlicense|CNRI)",
    re.IGNORECASE,
)


def locked(name: str) -> dict[str, tuple[str, str | None]]:
    """Return version and marker of every package of a set."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    found = [LINE.match(line) for line in lines if not line.startswith("    --hash=")]
    assert all(found), "a line that is neither a package nor a hash"
    return {match[1]: (match[2], match[3]) for match in found if match}


def licence(name: str) -> str:
    """Return all that a package says about its licence, in one line."""
    about = metadata(name)
    classifiers = [line for line in about.get_all("Classifier") or () if line.startswith("License")]
    words = [*(about.get_all("License-Expression") or ()), *(about.get_all("License") or ()), *classifiers]
    return " / ".join(word.strip().split("\n")[0] for word in words)


@pytest.mark.parametrize("name", [*SETS, "uv"])
def test_every_package_is_tied_to_hashes_and_to_no_index(name: str) -> None:
    """A lock file holds names, versions and hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert not re.search(r"://|--index|--find-links| @ ", text)


def test_sets_agree() -> None:
    """Each set holds the one before it, at the same versions: what is tested is what runs."""
    for smaller, larger in itertools.pairwise(SETS):
        inside, outside = locked(smaller), locked(larger)
        assert {name: (pin, outside[name][0]) for name, (pin, _) in inside.items() if outside[name][0] != pin} == {}


def test_locks_follow_the_project() -> None:
    """Every dependency that the project names is locked; otherwise `make lock` was forgotten."""
    named = {re.split(r"[\[>=<;]", word)[0] for word in project()["project"]["dependencies"]}
    assert len(named) > 10
    assert named - locked("run").keys() == set()


def test_licences_are_permissive() -> None:
    """Whoever runs this may do with it what the MIT licence allows."""
    audited = {}
    for name, (_, marker) in locked("run").items():
        try:
            audited[name] = licence(name)
        except PackageNotFoundError:
            assert marker, f"{name} is locked for every system and is not installed"
    assert len(audited) > 30
    assert {name: said for name, said in audited.items() if not PERMISSIVE.search(said) or "GPL" in said} == {}
