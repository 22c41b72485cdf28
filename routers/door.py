"""The door: a route that keeps the answer of a POST under its Idempotency-Key, and the entity tags.

A dependency cannot see the body of the answer; a route can. It writes the answer before the transaction of
the request commits, so that the answer is kept exactly if its effect is.
"""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from core.errors import Invalid
from crud import idempotency
from crud.idempotency import Answer, Attempt

LONGEST_KEY = 255
KEPT_HEADERS = ("content-type", "etag", "location")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class InvalidKey(Invalid):
    """An Idempotency-Key is 1 to 255 visible ASCII characters."""

    code = "invalid_idempotency_key"


class Replay(Exception):
    """A request has been answered before; it ends early, but is no error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class IdempotentRoute(APIRoute):
    """A route whose POST may be repeated under the same Idempotency-Key."""

    def get_route_handler(self) -> Handler:
        """Return the handler, wrapped if the route takes POST."""
        handler: Handler = super().get_route_handler()
        if "POST" not in (self.methods or ()):
            return handler

        async def answer_once(request: Request) -> Response:
            key = request.headers.get("idempotency-key")
            return await (handler(request) if key is None else _once(request, key, handler))

        return answer_once


async def _once(request: Request, key: str, handler: Handler) -> Response:
    attempt = await _attempt(request, key)
    request.state.attempt = attempt
    try:
        response = await handler(request)
    except Replay as replay:
        return _again(replay.answer)
    call = getattr(request.state, "call", None)
    # A refusal left no effect behind, so that trying again under the same key may succeed.
    if call is not None and call.attempt is not None and response.status_code < 300:  # noqa: PLR2004  the successful statuses
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        answer = Answer(response.status_code, kept, bytes(response.body))
        await idempotency.store(call.work, call.me.user_id, call.attempt, answer)
    return response


async def _attempt(request: Request, key: str) -> Attempt:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidKey(field="Idempotency-Key")
    # From the scope, because `request.url` puts the whole address together.
    digest = hashlib.sha256(f"{request.method} {request.scope['path']}?".encode())
    digest.update(request.scope["query_string"] + b"\n")
    digest.update(await request.body())
    return Attempt(key, digest.digest())


def _again(answer: Answer) -> Response:
    headers = {**answer.headers, "Idempotent-Replayed": "true"}
    return Response(answer.body, answer.status_code, headers)


def resource(tag: str, prefix: str = "") -> APIRouter:
    """Return a router for one resource; POSTs on it heed Idempotency-Key."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=IdempotentRoute)


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


def expected_versions(header: str | None) -> frozenset[int] | None:
    """Return the versions that an If-Match header accepts; None when it accepts any, or is absent.

    A tag that is not ours matches nothing, and so does a weak one (RFC 9110, 13.1.1).
    """
    if header is None or header.strip() == "*":
        return None
    tags = [tag.strip() for tag in header.split(",")]
    return frozenset(int(tag[1:-1]) for tag in tags if _is_ours(tag))


def _is_ours(tag: str) -> bool:
    inner = tag[1:-1]
    return tag == f'"{inner}"' and inner.isascii() and inner.isdecimal() and len(inner) < 10  # noqa: PLR2004  int4
