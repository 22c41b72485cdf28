"""One list of top-level names, wherever it is written down, and all of them really ours."""

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

from tests.house.source import ROOT, packages, project

TOOLS = project()["tool"]


def test_every_list_of_packages_is_the_folders_on_disk() -> None:
    """What is packed, checked for imports, typed and measured is what there is."""
    ours = packages()
    assert len(ours) > 5
    assert set(TOOLS["hatch"]["build"]["targets"]["wheel"]["only-include"]) == ours | {"worker.py"}
    assert set(TOOLS["importlinter"]["root_packages"]) == ours
    assert set(TOOLS["mypy"]["files"]) == ours | {"worker.py"}
    assert set(TOOLS["coverage"]["run"]["source"]) == ours | {"worker"}


def test_the_image_gets_every_package() -> None:
    """The build context leaves out what is not named, so each package is named."""
    named = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert named == packages() | {"worker.py", "alembic.ini", "requirements/run.txt"}


def test_every_folder_is_a_package() -> None:
    """A folder with Python files has an `__init__.py`, or a wheel would leave it out in silence."""
    folders = {path.parent for name in (*packages(), "tests") for path in (ROOT / name).rglob("*.py")}
    bare = {folder for folder in folders if not (folder / "__init__.py").exists()}
    assert {folder for folder in bare if folder != ROOT / "migrations" / "versions"} == set()


def test_no_other_distribution_has_our_names() -> None:
    """Names such as `models` are common; nothing that is installed beside us may claim one."""
    ours = packages() | {"worker"}
    strangers = {name: owners for name, owners in packages_distributions().items() if name in ours}
    assert all(owners == ["team-reminders"] for owners in strangers.values()), strangers


def test_our_names_are_imported_from_here() -> None:
    """No module of somebody else's stands earlier on the path."""
    for name in packages():
        spec = find_spec(name)
        assert spec is not None, name
        assert spec.origin is not None, name
        assert Path(spec.origin).is_relative_to(ROOT), name
