"""Beauty shows at the worst file, so there is a limit to how bad it may be."""

import ast

import pytest

from tests.house.source import ROOT, modules, packages, parsed

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
FILES = [*modules(*packages(), "tests", "benchmarks"), *ROOT.glob("*.py")]


def test_no_file_is_long() -> None:
    """Nothing has more than 300 lines."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}
    assert len(lengths) > 10
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_long() -> None:
    """Nothing takes more than 50 lines from `def` to its end."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("mark", ["# noqa", "# type: ignore"])
def test_looking_away_has_a_reason(mark: str) -> None:
    """Where a machine is told to look away, it is told of what, and why: `# noqa: S105  refused in production`."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        if path.parent.name != "house"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if mark in line and len(line.split(mark, 1)[1].split("  ", 1)) < 2
    ]
    assert bare == []
