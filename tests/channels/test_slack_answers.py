"""What each answer of Slack means to the Slack channel."""

from datetime import timedelta

import pytest

from channels import open_channel
from channels._slack_client import SlackClient
from channels.base import Ambiguous, Blocked, Channel, ChannelError, Permanent, Transient
from tests.channels.example import ROOM, message, over_slack
from tests.fakes.slack_api import FakeSlack

GONE = ["channel_not_found", "is_archived", "not_in_channel", "user_not_found", "msg_too_long", "invalid_blocks"]
BROKEN = ["token_revoked", "token_expired", "not_authed", "invalid_auth", "account_inactive", "missing_scope"]
LATER = ["ratelimited", "429 1", "500", "503 down", "a_new_code", "302 http://127.0.0.1/"]
API = [
    *((answer, Transient, None) for answer in LATER),
    *((answer, Ambiguous, None) for answer in ("internal_error", "fatal_error", "reset", "200 not json")),
    *((code, Permanent, code) for code in GONE),
    *((code, Blocked, code) for code in BROKEN),
]


@pytest.mark.parametrize(("answer", "kind", "reason"), API)
async def test_what_each_answer_means(
    slack_server: FakeSlack, slack: Channel, answer: str, kind: type[ChannelError], reason: str | None
) -> None:
    """Each answer of the Web API has one meaning, and the kit asks only once."""
    slack_server.script.always("post", answer)
    with pytest.raises(ChannelError) as caught:
        await slack.send(ROOM, message())
    assert type(caught.value) is kind
    assert getattr(caught.value, "reason", None) == reason
    assert slack_server.script.asked["post"] == 1


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("400 invalid_payload", Permanent, "invalid_payload"),
        ("403 action_prohibited", Permanent, "action_prohibited"),
        ("404 channel_not_found", Permanent, "channel_not_found"),
        ("404 no_service", Permanent, "no_service"),
        ("410 channel_is_archived", Permanent, "channel_is_archived"),
        ("404 <html>", Transient, None),
        ("429 1", Transient, None),
        ("500 rollup_error", Transient, None),
        ("302 http://127.0.0.1:1/", Transient, None),
        ("reset", Ambiguous, None),
    ],
)
async def test_what_a_webhooks_answer_means(
    slack_server: FakeSlack, slack: Channel, answer: str, kind: type[ChannelError], reason: str | None
) -> None:
    """Each answer of a webhook has one meaning, and the kit asks only once."""
    slack_server.script.always("hook", answer)
    with pytest.raises(ChannelError) as caught:
        await slack.send(slack_server.webhook(), message())
    assert type(caught.value) is kind
    assert getattr(caught.value, "reason", None) == reason
    assert slack_server.script.asked["hook"] == 1
    assert "services" not in caught.value.detail


@pytest.mark.parametrize(
    ("asked", "wait"),
    [("30", timedelta(seconds=30)), ("999999999999", timedelta(hours=1)), ("-5", None), ("soon", None), ("", None)],
)
async def test_retry_after_is_believed_within_reason(
    slack_server: FakeSlack, slack: Channel, asked: str, wait: timedelta | None
) -> None:
    """A wait is at most an hour, and nonsense is no wait."""
    slack_server.script.always("post", f"429 {asked}")
    slack_server.script.always("hook", f"429 {asked}")
    for address in (ROOM, slack_server.webhook()):
        with pytest.raises(Transient) as caught:
            await slack.send(address, message())
        assert caught.value.retry_after == wait


async def test_silence_is_ambiguous(slack_server: FakeSlack) -> None:
    """A server that took the request and says nothing may have posted it."""
    slack_server.script.always("post", "hang")
    client = SlackClient(over_slack(slack_server), 1, total=0.2)
    with pytest.raises(Ambiguous):
        await client.post(ROOM, message())
    await client.close()


async def test_nobody_at_the_port_is_transient() -> None:
    """A Slack that cannot be reached is a matter of time, by either way."""
    async with FakeSlack() as gone:
        pass
    async with open_channel("slack", over_slack(gone)) as slack:
        for address in (ROOM, gone.webhook()):
            with pytest.raises(Transient):
                await slack.send(address, message())
