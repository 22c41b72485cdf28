"""The plugs of `schedules/rules`, and what the package may import."""

import ast
import re
from pathlib import Path

import schedules
from schedules.base import Rule
from schedules.kinds import RULES

FORBIDDEN = {
    "sqlalchemy",
    "asyncpg",
    "arq",
    "redis",
    "fastapi",
    "httpx",
    "httpx2",
    "starlette",
    "time",
    "crud",
    "models",
}
FOLDER = Path(str(schedules.__file__)).parent


def test_every_module_of_rules_offers_its_kind() -> None:
    """A new kind is one file; each that is there is known by its own name."""
    modules = {path.stem for path in (FOLDER / "rules").glob("[!_]*.py")}
    assert modules == set(RULES) >= {"once", "interval", "cron"}
    assert all(issubclass(rule, Rule) and rule.kind == name for name, rule in RULES.items())


def test_no_way_out() -> None:
    """No database and no network can be reached from here."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not FORBIDDEN & {name.split(".")[0] for name in names}, path


def test_no_clock_is_read() -> None:
    """The instant to reckon from is always an argument."""
    for path in FOLDER.rglob("*.py"):
        assert not re.search(r"\b(now|utcnow|today|monotonic)\(", path.read_text(encoding="utf-8")), path
