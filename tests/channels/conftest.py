"""The providers of the channels' tests."""

from collections.abc import AsyncIterator

import pytest

from channels import open_channel
from channels.base import Channel
from tests.channels.example import over_slack
from tests.fakes.slack_api import FakeSlack
from tests.fakes.smtp_server import FakeSmtp


@pytest.fixture
async def mail_server() -> AsyncIterator[FakeSmtp]:
    """Offer a mail server of the test's own."""
    async with FakeSmtp() as fake:
        yield fake


@pytest.fixture
async def slack_server() -> AsyncIterator[FakeSlack]:
    """Offer a Slack of the test's own."""
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
async def slack(slack_server: FakeSlack) -> AsyncIterator[Channel]:
    """Offer a Slack channel that is open and leads there."""
    async with open_channel("slack", over_slack(slack_server)) as channel:
        yield channel
