"""The rules of importing that import-linter cannot tell."""

from tests.house.source import ROOT, imported, modules, packages


def test_nothing_imports_the_worker() -> None:
    """`worker.py` is a door: arq opens it by name, and no module of ours does."""
    files = [*modules(*packages()), *ROOT.glob("*.py")]
    assert len(files) > 10
    assert [path for path in files if "worker" in imported(path)] == []


def test_channels_do_not_know_each_other() -> None:
    """Modules of `channels` may share `base` and what begins with an underscore, and no channel."""
    for path in modules("channels"):
        others = {name.split(".")[1] for name in imported(path) if name.startswith("channels.")}
        shared = {name for name in others if name == "base" or name.startswith("_")}
        assert others - shared == set(), path


def test_only_the_command_line_starts_embedded_servers() -> None:
    """What runs in production never imports them."""
    users = [
        path.relative_to(ROOT)
        for path in modules(*packages())
        if any(name.startswith("core.embedded") for name in imported(path))
    ]
    assert {str(path.parent) for path in users} <= {"core/embedded", "cli"}
