"""The questions to the database judged: each row that breaks a promise is found by its own question."""

import pytest

from core.settings import Settings
from tasks.engine import open_engine
from tests.chaos.harness.invariants import INVARIANTS, broken
from tests.fixtures.rows import Rows

BREAKS = {
    "a lease ran out for good": """
        update deliveries set status = 'sending', lease_token = uuidv7(), lease_until = now() - interval '1 s'""",
    "a delivery has not ended": "update deliveries set status = 'pending'",
    "attempts are missing or too many": "update deliveries set attempt_count = 2",
    "delivered without exactly one accepted attempt": "update attempts set outcome = 'unknown'",
    "an attempt ended before it began": "update attempts set finished_at = started_at - interval '1 s'",
    "delivered before it was due": "update deliveries set delivered_at = '2026-11-02 08:59:59Z'",
    "a due reminder was not claimed": "update reminders set status = 'active', next_run_at = '2026-11-02 09:00Z'",
    "an occurrence fired and has no delivery": "delete from deliveries; update occurrences set status = 'acknowledged'",
    "an occurrence that waits for nobody is open": "update occurrences set status = 'open'",
}


@pytest.fixture
async def delivered(rows: Rows, settings: Settings) -> Rows:
    """A database with one delivery that went well."""
    await rows.solo(completion=None)
    async with open_engine(settings) as engine:
        await engine.sweep_once()
    return rows


async def test_what_went_well_breaks_nothing(delivered: Rows) -> None:
    """All invariants hold after an ordinary delivery."""
    assert await broken(delivered.db) == {}


@pytest.mark.parametrize("name", INVARIANTS)
async def test_each_break_is_found(delivered: Rows, name: str) -> None:
    """One change behind the application's back, and the question that is about it finds it."""
    for statement in BREAKS[name].split("; "):
        await delivered.execute(statement)
    assert name in await broken(delivered.db)
