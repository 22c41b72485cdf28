"""The door: a route that keeps the answer of a POST under its Idempotency-Key, and the entity tags.

A dependency cannot see the body of the answer; a route can. It writes the answer before the transaction of
the request commits, so that the answer is kept exactly if its effect is.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from core.errors import Invalid
from crud import idempotency
from crud.idempotency import Answer, Attempt

LONGEST_KEY = 255
KEPT_HEADERS = ("content-type", "etag", "location")
WITHOUT_KEY: Final = {
    "sign_in": "Signing in again only begins one more session.",
    "change_password": "Once it is changed, a repetition is answered with 401; sign in with the new password.",
    "sign_out": "Once the session has ended, a repetition is answered with 401.",
    "sweep": "A sweep does what is due, and a second one finds nothing.",
}
"""Operations whose POST takes no Idempotency-Key, and why repeating them is safe."""

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
        if "POST" not in (self.methods or ()) or self.name in WITHOUT_KEY:
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
    # A refusal left no effect behind, so that trying again under the same key may succeed.
    if response.status_code < 300:  # noqa: PLR2004  the successful statuses
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        answer = Answer(response.status_code, kept, bytes(response.body))
        work, user_id, attempt = request.state.repeatable
        await idempotency.store(work, request.app.state.settings, user_id, attempt, answer)
    return response


async def _attempt(request: Request, key: str) -> Attempt:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidKey(field="Idempotency-Key")
    # From the scope, because `request.url` puts the whole address together.
    asked = f"{request.method} {request.scope['path']}?".encode() + request.scope["query_string"] + b"\n"
    return Attempt.of(request.app.state.settings, key, asked + await request.body())


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
