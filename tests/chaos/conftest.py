"""Stages for the tests of this folder; a server that a test kills is its own."""

from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.embedded import EmbeddedValkey
from tests.chaos.harness.stage import Stage
from tests.fixtures.servers import Databases


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey to be killed and frozen."""
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        yield valkey


@pytest.fixture
async def stage(database_url: str, valkey: EmbeddedValkey) -> AsyncIterator[Stage]:
    """A stage with Redis."""
    async with Stage(database_url, valkey.url) as stage:
        yield stage


@pytest.fixture
def several_databases(databases: Databases, migrated_template: str) -> Iterator[list[str]]:
    """The addresses of eight fresh databases."""
    names = [databases.create(migrated_template) for _ in range(8)]
    yield [databases.url_of(name) for name in names]
    for name in names:
        databases.drop(name)


@pytest.fixture
async def several_stages(several_databases: list[str], redis_url: str) -> AsyncIterator[list[Stage]]:
    """Eight stages side by side, for what is mostly waiting; each has a number of Redis' own databases."""
    async with AsyncExitStack() as stack:
        parts = redis_url.split("?", maxsplit=1)[0]
        stages = [Stage(url, f"{parts}?db={number}") for number, url in enumerate(several_databases, 3)]
        yield [await stack.enter_async_context(stage) for stage in stages]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes said, where a test has failed."""
    report = yield
    if report.failed:
        for given in item.funcargs.values():
            for stage in given if isinstance(given, list) else [given]:
                if isinstance(stage, Stage):
                    report.sections += [(process.name, process.last_words) for process in stage.processes]
    return report
