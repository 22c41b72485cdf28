"""Slack: a conversation or a member by chat.postMessage, or an incoming webhook."""

from typing import TYPE_CHECKING, ClassVar, Self

from channels._demo import stand_in
from channels._slack_addresses import ID, is_webhook, webhook_allowed
from channels.base import Accepted, Channel, InvalidAddress, Message, Permanent
from core.settings import Settings

if TYPE_CHECKING:
    from channels._slack_client import SlackClient


class Slack(Channel):
    """Messages to Slack; a webhook carries its own permission, everything else needs SLACK_BOT_TOKEN."""

    name: ClassVar[str] = "slack"
    # At the 100 ms that Slack takes, 1,280 a second; and a claim costs nearly the same for many rows as for few.
    lanes: ClassVar[int] = 128

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client: SlackClient | None = None

    @classmethod
    def normalize(cls, value: str, settings: Settings) -> str:
        """Return a channel or member id, or an incoming-webhook URL as it is."""
        address = value.strip()
        if is_webhook(address):
            if webhook_allowed(address, settings):
                return address
            reason = "an incoming webhook begins with https://hooks.slack.com/services/"
            raise InvalidAddress(reason)
        if not ID.fullmatch(address):
            reason = "a Slack channel or member id such as C024BE91L, or an incoming-webhook URL"
            raise InvalidAddress(reason)
        return address

    @classmethod
    def masked(cls, value: str) -> str:
        """Return an id whole, and of a webhook's URL, which is a secret, only where it leads."""
        if not is_webhook(value):
            return value
        return "/".join(value.split("/")[:3]) + "/…"

    async def __aenter__(self) -> Self:
        """Open the HTTP session; connections open with the first messages."""
        from channels._slack_client import SlackClient  # noqa: PLC0415  aiohttp and slack_sdk only where they are used

        self._client = SlackClient(self.settings, self.lanes)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the HTTP session."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def send(self, address: str, message: Message) -> Accepted:
        """Post one message; `ref` is `conversation/ts` except for webhooks, which name none."""
        if self._client is None:
            reason = "the channel is not open"
            raise RuntimeError(reason)
        if not is_webhook(address):
            if self.settings.slack_bot_token is None:
                return stand_in(self.settings, self.name, address, message, needs="SLACK_BOT_TOKEN")
            return await self._client.post(address, message)
        # Checked again, because the settings may have changed since the address was saved.
        if not webhook_allowed(address, self.settings):
            detail = "no incoming-webhook URL of Slack"
            raise Permanent(detail, reason="invalid_address")
        return await self._client.post_webhook(address, message)


CHANNEL = Slack
