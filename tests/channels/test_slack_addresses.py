"""What may be an address of the Slack channel."""

import pytest

from channels import open_channel
from channels.base import Channel, InvalidAddress, Permanent
from channels.slack import Slack
from tests.channels.example import LOCAL, ROOM, message, over_slack, settings
from tests.fakes.slack_api import FakeSlack


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        (" C024BE91L ", ROOM),
        ("U012AB3CD", "U012AB3CD"),
        ("https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack.com/services/T0/B0/x"),
        ("https://hooks.slack-gov.com/services/T0/B0/x", "https://hooks.slack-gov.com/services/T0/B0/x"),
        ("http://127.0.0.1:9000/services/T/B/x", "http://127.0.0.1:9000/services/T/B/x"),
        ("http://localhost:9000/services/T/B/x", "http://localhost:9000/services/T/B/x"),
        ("http://[::1]:9000/x", "http://[::1]:9000/x"),
    ],
)
def test_addresses_have_one_form(given: str, canonical: str) -> None:
    """An id is an id; a webhook is its URL; space around them is dropped."""
    assert Slack.normalize(given, settings(outbound_allow_cidrs=LOCAL)) == canonical


@pytest.mark.parametrize(
    "value",
    [
        "", "general", "GENERAL", "c024be91l", "#general", "X024BE91L", "C02", "ftp://hooks.slack.com/services/T/B/x",
        "http://hooks.slack.com/services/T/B/x", "https://hooks.slack.com.evil.example/services/T/B/x",
        "https://hooks.slack.com@evil.example/services/T/B/x", "https://evil.example/services/T/B/x",
        "https://hooks.slack.com:444/services/T/B/x", "https://hooks.slack.com/services/T/B/x?a=b",
        "https://hooks.slack.com/services/../../x", "https://hooks.slack.com/services/T/B/x\n",
        "https://hooks.slack.com/services/T/B/x\r\nX: y", "https://hooks\uff0eslack.com/services/T/B/x",
        "http://192.168.0.1/services/T/B/x", "http://2130706433/services/T/B/x", "http://0x7f.0.0.1/x",
        "http://127.1/x", "http://010.0.0.1/x", "http://[::ffff:192.168.0.1]/x", "http://127.0.0.1@evil.example/x",
        "https://169.254.169.254/latest/meta-data",
    ],
)  # fmt: skip
async def test_what_is_no_address_is_refused_twice(slack: Channel, value: str) -> None:
    """Such a URL is refused when it is saved, and again when somebody gets it as far as a send."""
    if value.strip() == value:
        with pytest.raises(InvalidAddress):
            Slack.normalize(value, settings(outbound_allow_cidrs=LOCAL))
    if value.startswith("http"):
        with pytest.raises(Permanent) as caught:
            await slack.send(value, message())
        assert caught.value.reason == "invalid_address"


async def test_a_network_that_is_no_longer_allowed_gets_nothing(slack_server: FakeSlack) -> None:
    """A URL that was saved under other settings is refused at the send."""
    async with open_channel("slack", over_slack(slack_server, outbound_allow_cidrs=[])) as slack:
        with pytest.raises(Permanent):
            await slack.send(slack_server.webhook(), message())
    assert not slack_server.calls


def test_a_webhooks_url_is_shown_masked() -> None:
    """A webhook's URL is a secret; an id is not."""
    assert Slack.masked("https://hooks.slack.com/services/T0/B0/secret") == "https://hooks.slack.com/…"
    assert Slack.masked(ROOM) == ROOM
