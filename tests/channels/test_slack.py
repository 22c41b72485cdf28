"""The Slack channel: the real kit against a local Slack."""

import json
import logging

import pytest

from channels import open_channel
from channels.base import Blocked, Channel, Transient
from tests.channels.example import DELIVERY, ROOM, message, over_slack, production
from tests.fakes.slack_api import TOKEN, FakeSlack


async def test_a_message_says_everything(slack_server: FakeSlack, slack: Channel) -> None:
    """A message has the title, note, notice, due time, team and link, and the delivery's id."""
    accepted = await slack.send(ROOM, message())
    (call,) = slack_server.messages
    said = json.dumps(call.body["blocks"], ensure_ascii=False)
    for part in ("Pay the rent", "Ask Zoë.", "3 earlier", "Fri 27 Nov 2026, 16:00", "Office", "/reminders/1"):
        assert part in said
    assert (call.channel, call.body["text"], call.body["client_msg_id"]) == (ROOM, "Pay the rent", DELIVERY)
    assert (call.delivery_id, accepted.ref) == (DELIVERY, f"{ROOM}/1.000100")


@pytest.mark.parametrize(
    ("locale", "due", "link"), [("en", "Due Fri 27", "Open reminder"), ("de", "Fällig am Fri 27", "Erinnerung öffnen")]
)
async def test_the_last_line_has_the_rule(
    slack_server: FakeSlack, slack: Channel, locale: str, due: str, link: str
) -> None:
    """Due time, team and rule stand in one line, in the language of the message, and then the link."""
    await slack.send(ROOM, message(rule="Every Friday & more", locale=locale))
    said, opened = slack_server.messages[0].body["blocks"][-1]["elements"]
    assert said["text"] == f"{due} Nov 2026, 16:00 (Europe/Berlin) · Office · Every Friday &amp; more"
    assert opened["text"].endswith(f"|{link}>")


async def test_a_webhook_gets_the_same_blocks(slack_server: FakeSlack, slack: Channel) -> None:
    """An incoming webhook gets what a channel gets."""
    await slack.send(ROOM, message())
    await slack.send(slack_server.webhook(), message())
    by_api, by_hook = slack_server.messages
    assert by_api.body["blocks"] == by_hook.body["blocks"]
    assert by_hook.delivery_id == DELIVERY


async def test_what_people_wrote_is_text(slack_server: FakeSlack, slack: Channel) -> None:
    """Nobody rings the whole channel or hides a link with a title, a note or a team's name."""
    evil = "<!channel> & <https://evil.example|bank>"
    await slack.send(ROOM, message(title=evil, body=evil, team=evil, notice=evil))
    body = slack_server.messages[0].body
    texts = [body["text"], *(element["text"] for block in body["blocks"] for element in _texts(block))]
    assert sum("&lt;!channel&gt; &amp; &lt;https" in text for text in texts) == 5
    assert [text for text in texts if "<" in text] == ["<https://reminders.example/reminders/1|Open reminder>"]


def _texts(block: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return block.get("elements") or [block["text"]]  # type: ignore[list-item]  # the other shape of a block


@pytest.mark.parametrize("letter", ["x", "&", "ä", "\U0001f600"])
async def test_long_texts_are_cut_to_slacks_limits(slack_server: FakeSlack, slack: Channel, letter: str) -> None:
    """Titles and notes keep to Slack's limits after escaping, and no escape is cut in half."""
    await slack.send(ROOM, message(title=letter * 5000, body=letter * 5000))
    header, section = (block["text"]["text"] for block in slack_server.messages[0].body["blocks"][:2])
    assert 140 < len(header) <= 150
    assert 2990 < len(section) <= 3000
    assert set(section.replace("&amp;", "&")) == {letter, "…"}


@pytest.mark.parametrize("title", ["", " \n", "\x00", "\ud800"])
async def test_an_empty_title_still_makes_a_message(slack_server: FakeSlack, slack: Channel, title: str) -> None:
    """Slack refuses an empty header, so something stands there."""
    await slack.send(ROOM, message(title=title, body="\ud800x"))
    assert slack_server.messages[0].body["blocks"][0]["text"]["text"] == "Reminder"


async def test_a_redirect_is_not_followed(slack_server: FakeSlack, slack: Channel) -> None:
    """A redirect leads nowhere, not even to an address that would be allowed."""
    slack_server.script.once("hook", f"302 {slack_server.webhook('elsewhere')}")
    with pytest.raises(Transient, match="redirect"):
        await slack.send(slack_server.webhook(), message())
    assert slack_server.script.asked["hook"] == 1


async def test_a_proxy_of_the_environment_is_not_used(slack_server: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kit would take a proxy from the environment; requests go where they were checked to go."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with open_channel("slack", over_slack(slack_server)) as slack:
        await slack.send(ROOM, message())
        await slack.send(slack_server.webhook(), message())
    assert len(slack_server.messages) == 2


async def test_the_kit_logs_neither_content_nor_secrets(
    slack_server: FakeSlack, slack: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """Even at DEBUG no log bears a text, a token or a webhook's URL."""
    caplog.set_level(logging.DEBUG)
    await slack.send(ROOM, message())
    await slack.send(slack_server.webhook(), message())
    assert not [word for word in ("rent", TOKEN, "/services/") if word in caplog.text]


async def test_without_a_token_webhooks_still_work(slack_server: FakeSlack, capsys: pytest.CaptureFixture[str]) -> None:
    """With no token a channel's message is printed in development and blocked in production; webhooks go out."""
    async with open_channel("slack", over_slack(slack_server, slack_bot_token=None)) as slack:
        assert (await slack.send(ROOM, message())).ref == "printed"
        await slack.send(slack_server.webhook(), message())
    assert "Pay the rent" in capsys.readouterr().out
    assert len(slack_server.messages) == 1
    async with open_channel("slack", production()) as slack:
        with pytest.raises(Blocked) as caught:
            await slack.send(ROOM, message())
    assert caught.value.reason == "not_configured"
