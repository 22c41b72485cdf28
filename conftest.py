"""Loads every module of `tests/fixtures`; pytest lets only the conftest at the root name plugins."""

from pathlib import Path

pytest_plugins = [
    f"tests.fixtures.{module.stem}" for module in sorted(Path(__file__).parent.glob("tests/fixtures/[!_]*.py"))
]
