"""Slack's Web API and its incoming webhooks on a free port, recording what is posted and answering as told.

Stages of its script: `post` (chat.postMessage), `hook` (incoming webhooks), `auth` (auth.test). An answer is
an error code of the Web API such as `channel_not_found`, a status and an optional body such as `503` or
`404 no_service`, `429 30` (with Retry-After), `302 https://elsewhere.example/`, or `hang` or `reset`.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Self, cast

from aiohttp import web

from tests.fakes.script import Script

TOKEN = "xoxb-fake"


@dataclass(frozen=True, slots=True)
class Post:
    """One message as Slack got it, whatever was answered."""

    path: str
    channel: str
    delivery_id: str
    body: dict[str, Any]
    accepted: bool
    at: float = field(default_factory=time.time)


class FakeSlack:
    """The server, as an async context manager; `calls` holds everything, `messages` what was accepted."""

    def __init__(self) -> None:
        self.script = Script()
        self.calls: list[Post] = []
        self.host, self.port = "127.0.0.1", 0
        self._runner: web.AppRunner | None = None

    @property
    def messages(self) -> list[Post]:
        """What was accepted, in its order."""
        return [call for call in self.calls if call.accepted]

    @property
    def url(self) -> str:
        """What SLACK_API_URL is to be."""
        return f"http://{self.host}:{self.port}/api/"

    def webhook(self, name: str = "x") -> str:
        """Return the URL of an incoming webhook of this server."""
        return f"http://{self.host}:{self.port}/services/T/B/{name}"

    async def __aenter__(self) -> Self:
        """Listen on a free port; the same one when the server is started again."""
        app = web.Application()
        app.router.add_post("/api/chat.postMessage", self._post)
        app.router.add_post("/api/auth.test", self._auth)
        app.router.add_post("/services/{team}/{app}/{name}", self._hook)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut what is under way."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _auth(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _error("invalid_auth")
        return await self._answered("auth", request) or web.json_response({"ok": True, "team": "Fake", "team_id": "T1"})

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        answer: web.StreamResponse | None = None
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            answer = _error("invalid_auth")
        delivery = str(body["metadata"]["event_payload"]["delivery_id"])
        return await self._recorded("post", request, body, str(body["channel"]), delivery, answer)

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        body, delivery = await request.json(), request.headers.get("X-Reminder-Delivery", "")
        return await self._recorded("hook", request, body, request.match_info["name"], delivery, None)

    async def _recorded(
        self,
        stage: str,
        request: web.Request,
        body: dict[str, Any],
        channel: str,
        delivery: str,
        answer: web.StreamResponse | None,
    ) -> web.StreamResponse:
        told = self.script.take(stage)
        accepted = answer is None and told is None
        self.calls.append(Post(request.path, channel, delivery, body, accepted))
        if answer is not None:
            return answer
        if told is not None:
            return await _told(told, request)
        if stage == "hook":
            return web.Response(text="ok")
        return web.json_response({"ok": True, "channel": channel, "ts": f"{len(self.calls)}.000100"})

    async def _answered(self, stage: str, request: web.Request) -> web.StreamResponse | None:
        told = self.script.take(stage)
        return None if told is None else await _told(told, request)


async def _told(answer: str, request: web.Request) -> web.StreamResponse:
    if answer == "hang":
        await asyncio.Event().wait()
    if answer == "reset":
        cast("asyncio.Transport", request.transport).abort()
        return web.Response()
    status, _, rest = answer.partition(" ")
    if not status.isdigit():
        return _error(answer)
    headers = {"429": {"Retry-After": rest}, "302": {"Location": rest}}.get(status, {})
    return web.Response(status=int(status), text="" if headers else rest, headers=headers)


def _error(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})
