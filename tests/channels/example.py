"""The message and the settings that the channels' tests start from."""

from datetime import UTC, datetime
from typing import Any

import pytest

from channels import open_channel
from channels.base import ChannelError, Message
from core.settings import Settings
from tests.fakes.slack_api import TOKEN, FakeSlack
from tests.fakes.smtp_server import FakeSmtp

ADA, ROOM = "ada@example.com", "C024BE91L"
LOCAL = ["127.0.0.0/8", "10.0.0.0/8", "::1/128"]
DELIVERY = "01936f2e-7c1a-7000-8000-00000000002a"


def message(**changes: Any) -> Message:
    """Return a whole message, with some of it changed."""
    whole: dict[str, Any] = {
        "delivery_id": DELIVERY,
        "title": "Pay the rent",
        "body": "Account 12345.\nAsk Zoë.",
        "team": "Office",
        "due_at": datetime(2026, 11, 27, 15, 0, tzinfo=UTC),
        "due_local": "Fri 27 Nov 2026, 16:00 (Europe/Berlin)",
        "notice": "3 earlier ones were missed.",
        "url": "https://reminders.example/reminders/1",
    }
    return Message(**(whole | changes))


def settings(**values: Any) -> Settings:
    """Return settings that no environment file can change."""
    return Settings(_env_file=None, **values)


def production(**values: Any) -> Settings:
    """Return settings of production."""
    needed = {"database_url": "postgresql://db/x", "redis_url": "redis://cache", "secret_key": "k" * 40}
    return settings(environment="production", **needed, **values)


def over_smtp(server: FakeSmtp, **values: object) -> Settings:
    """Return settings that lead to a mail server."""
    return settings(**({"smtp_host": server.host, "smtp_port": server.port, "smtp_tls": "none"} | values))


async def refused_mail(server: FakeSmtp, **values: object) -> ChannelError:
    """Send one mail that must fail, and return how it failed."""
    async with open_channel("email", over_smtp(server, **values)) as email:
        with pytest.raises(ChannelError) as caught:
            await email.send(ADA, message())
    return caught.value


def over_slack(server: FakeSlack, **values: object) -> Settings:
    """Return settings that lead to a Slack."""
    given = {"slack_api_url": server.url, "slack_bot_token": TOKEN, "outbound_allow_cidrs": LOCAL}
    return settings(**(given | values))
