"""What counts as arrived: the messages that the fakes accepted, as the judge reads them."""

import asyncio

from aiohttp import web

from tests.chaos.harness.history import Received
from tests.fakes.slack_api import FakeSlack
from tests.fakes.smtp_server import FakeSmtp


class SlowSlack(FakeSlack):
    """Slack that takes its time to say that it has accepted: the moment in which senders like to die."""

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__()
        self.delay = delay

    async def _post(self, request: web.Request) -> web.StreamResponse:
        answer = await super()._post(request)
        await asyncio.sleep(self.delay)
        return answer


class Sinks:
    """Slack and a mail server in the process of the test."""

    def __init__(self) -> None:
        self.slack = SlowSlack()
        self.smtp = FakeSmtp()

    def received(self) -> list[Received]:
        """Return everything that was accepted, named by its title."""
        posts = [Received(post.body["text"], post.delivery_id, post.at) for post in self.slack.messages]
        mails = [Received(str(mail.parsed["Subject"]), mail.delivery_id, mail.at) for mail in self.smtp.messages]
        return posts + mails
