"""What happens to every request: a path without trailing slash, an id, a bounded body, headers, a line in the log."""

import re
import time
from functools import lru_cache
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.depth import Body
from api.errors import refused, unexpected
from api.headers import Headers, SecurityHeaders
from core import metrics
from core.ids import uuid7
from core.rate_limits import RateLimited
from routers import callers

log = structlog.get_logger()

BODY_BYTES = 256 * 1024
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}", re.ASCII)
# Asked every few seconds by probes; they would drown the rest.
QUIET = ("/healthz", "/readyz", "/metrics")


class Gate:
    """The outermost layer; plain ASGI, because Starlette's base class costs a task per request."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self._headers = SecurityHeaders(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].endswith("/") and scope["path"] != "/":
            # A redirect would lose the body of a POST in many clients.
            scope["path"] = scope["path"].rstrip("/") or "/"
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        headers = self._headers.of(scope["path"])
        await _Passage(scope, receive, send, request_id, headers).run(self.app)


class _Passage:
    """One request on its way through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: str, headers: Headers) -> None:
        # A HEAD is answered as a GET whose body nobody sends (RFC 9110, 9.3.2).
        self._bodiless = scope["method"] == "HEAD"
        self.scope = {**scope, "method": "GET"} if self._bodiless else scope
        self.received = 0
        self._body = Body(scope)
        self._headers = headers
        self._receive = receive
        self.request_id = request_id
        self.status = 0
        self.began = time.perf_counter()
        self._send = send

    async def run(self, app: ASGIApp) -> None:
        try:
            callers.admit(self.scope)
            await app(self.scope, self.receive, self.send)
        except RateLimited as refusal:
            await refused(Request(self.scope), refusal)(self.scope, self._receive, self.send)
        except Exception as error:
            if self.status:
                raise
            await unexpected(Request(self.scope), error)(self.scope, self._receive, self.send)
        finally:
            self.record()

    async def receive(self) -> Message:
        # Counted while it streams in: a declared length may be missing, or a lie.
        message = await self._receive()
        part = message.get("body", b"")
        self.received += len(part)
        if self.received > BODY_BYTES:
            raise HTTPException(413)
        self._body.take(part, last=not message.get("more_body"))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[tuple[bytes, bytes]] = message["headers"]
            given = {name for name, _ in headers}
            headers.append((b"x-request-id", self.request_id.encode()))
            headers.extend(header for header in self._headers if header[0] not in given)
            headers.extend(header for header in callers.headers(self.scope) if header[0] not in given)
        elif self._bodiless:
            message = {**message, "body": b""}
        await self._send(message)

    def record(self) -> None:
        seconds = time.perf_counter() - self.began
        route = getattr(self.scope.get("route"), "path", "none")
        _timer(self.scope["method"], route, str(self.status)).observe(seconds)
        if self.scope["path"] not in QUIET:
            log.info("request", **self._line(seconds))

    def _line(self, seconds: float) -> dict[str, Any]:
        # The path as sent may hold a secret; the route never does.
        route = getattr(self.scope.get("route"), "path", None)
        return {"method": self.scope["method"], "route": route, "status": self.status, "ms": round(seconds * 1000, 1)}


# Looking a labelled metric up costs more than counting with it.
_timer = lru_cache(maxsize=4096)(metrics.requests.labels)


def _request_id(scope: Scope) -> str:
    given: bytes = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    text = given.decode("latin-1")
    return text if REQUEST_ID.fullmatch(text) else str(uuid7())
