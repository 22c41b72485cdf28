"""The dispatcher of a channel: claims what its lanes can start, and writes down what came of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from channels.base import Accepted, Channel, Message
from core.settings import Settings
from models import attempts, deliveries, occurrences
from tasks.engine import Engine, open_engine
from tests.fakes.slack_api import TOKEN, FakeSlack
from tests.fixtures.rows import Rows

CHANNEL = "C0123456789"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Slack."""
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
async def engine(settings: Settings, slack: FakeSlack) -> AsyncIterator[Engine]:
    """An engine without a queue, whose Slack is the fake."""
    given = settings.model_dump() | {"slack_api_url": slack.url, "slack_bot_token": TOKEN}
    async with open_engine(Settings(_env_file=None, **given)) as engine:
        yield engine


async def slack_team(rows: Rows, number: int = 1) -> None:
    """Write reminders that are due, each to a Slack channel of its own."""
    ada = await rows.person()
    team_id = await rows.team(ada)
    for index in range(number):
        address = await rows.address(f"C{index:010}", "slack", team_id=team_id)
        await rows.reminder(team_id, ada, audience_kind="addresses", audience_address_ids=[address])


async def test_one_sweep_delivers_everything_without_queue_or_worker(
    rows: Rows, engine: Engine, slack: FakeSlack
) -> None:
    """Thirty due reminders are thirty messages and thirty closed attempts when the sweep returns."""
    await slack_team(rows, 30)
    swept = await engine.sweep_once()
    assert (swept.reminders, swept.channels) == (30, ("slack",))
    sent = {post.delivery_id for post in slack.messages}
    assert sent == {str(row.id) for row in await rows.all(deliveries)}
    assert {(row.outcome, row.n) for row in await rows.all(attempts)} == {("accepted", 1)}


async def test_a_provider_that_says_later_is_asked_later(rows: Rows, engine: Engine, slack: FakeSlack) -> None:
    """Retry-After is the least wait, and the attempt tells what was said."""
    slack.script.once("post", "429 30")
    await slack_team(rows)
    await engine.sweep_once()
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.attempt_count) == ("pending", 1)
    assert delivery.deliver_at >= delivery.started_at + timedelta(seconds=30)
    await engine.sweep_once()
    assert len(slack.calls) == 1


async def test_a_final_answer_ends_the_delivery(rows: Rows, engine: Engine, slack: FakeSlack) -> None:
    """An archived channel is dead, a revoked token blocks until somebody mends it."""
    outcomes = {}
    for answer in ("is_archived", "token_revoked"):
        await rows.execute("truncate users, teams cascade")
        slack.script.once("post", answer)
        await slack_team(rows)
        await engine.sweep_once()
        [delivery] = await rows.all(deliveries)
        outcomes[answer] = (delivery.status, delivery.reason)
    assert outcomes == {"is_archived": ("dead", "is_archived"), "token_revoked": ("blocked", "token_revoked")}


async def test_an_address_sealed_with_another_key_blocks(rows: Rows, engine: Engine) -> None:
    """What cannot be opened is not lost and not tried for ever: a person has to look at it."""
    await slack_team(rows)
    await rows.execute("update addresses set sealed_value = 'v1.00000000.AAAA.AAAA'")
    await engine.sweep_once()
    [delivery] = await rows.all(deliveries)
    assert (delivery.status, delivery.reason) == ("blocked", "unreadable_address")


async def test_without_completion_the_occurrence_closes(rows: Rows, engine: Engine) -> None:
    """Nothing to acknowledge and everything delivered: closed."""
    await slack_team(rows)
    await rows.execute("update reminders set completion = null")
    await engine.sweep_once()
    [occurrence] = await rows.all(occurrences)
    assert occurrence.status == "closed"


class Slow(Channel):
    """A channel whose sends end when the test says so."""

    name = "email"
    lanes = 4

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.gate = asyncio.Event()
        self.started: list[str] = []

    async def send(self, address: str, message: Message) -> Accepted:
        """Wait for the gate."""
        del address
        self.started.append(message.delivery_id)
        await self.gate.wait()
        return Accepted()


async def test_no_lease_runs_while_a_row_waits(rows: Rows, settings: Settings) -> None:
    """With four lanes, of ten due deliveries four are leased; the others follow as lanes become free."""
    slow = Slow(settings)
    for _ in range(10):
        await rows.solo()
    async with open_engine(settings, channels=[slow]) as engine:
        sweep = asyncio.create_task(engine.sweep_once())
        while len(slow.started) < 4:
            await asyncio.sleep(0.01)
        leased = [row for row in await rows.all(deliveries) if row.status == "sending"]
        assert len(leased) == 4
        slow.gate.set()
        await sweep
    assert {row.status for row in await rows.all(deliveries)} == {"delivered"}
    assert len(slow.started) == 10


async def test_ending_lets_what_is_under_way_finish(rows: Rows, settings: Settings) -> None:
    """When the process is asked to end, a send that is under way is written down and nothing new is taken."""
    slow = Slow(settings)
    for _ in range(10):
        await rows.solo()
    async with open_engine(settings, channels=[slow]) as engine:
        engine.start()
        while not slow.started:
            await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.1, slow.gate.set)
    delivered = [row for row in await rows.all(deliveries) if row.status == "delivered"]
    assert len(delivered) == len(slow.started) <= 4
    assert "sending" not in {row.status for row in await rows.all(deliveries)}
