"""Loads every module of `tests/fixtures`; pytest lets only the conftest at the root name plugins."""

import os
from pathlib import Path

from hypothesis import settings

# The same examples each time, so that a run says something about the change it follows; HYPOTHESIS_PROFILE=explore
# looks for new ones.
settings.register_profile("repeat", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

pytest_plugins = [
    f"tests.fixtures.{module.stem}" for module in sorted(Path(__file__).parent.glob("tests/fixtures/[!_]*.py"))
]
