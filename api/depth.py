"""How deeply a JSON body is nested, found out before anything recursive reads it."""

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.errors import DEEPEST, MALFORMED, TOO_DEEP

# One that does not end takes the rest with it, or looking for its end would begin at each quotation mark again.
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_OPENING: Final = frozenset(b"[{")


def is_too_deep(body: bytes) -> bool:
    """Whether objects and lists in a JSON text are nested more than 32 levels deep, whatever else is wrong with it."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for bracket in _TEXT.sub(b"", body).translate(None, _OTHERS):
        depth += 1 if bracket in _OPENING else -1
        if depth > DEEPEST:
            return True
    return False


class Body:
    """A body on its way in, put together only if it is JSON."""

    def __init__(self, scope: Scope) -> None:
        """Take nothing yet."""
        self._scope = scope
        self._parts: list[bytes] = []

    def take(self, part: bytes, *, last: bool) -> None:
        """Take the next part; with the last one, refuse what is nested too deeply to be read."""
        if part:
            self._parts.append(part)
        if not (last and self._parts and self._is_json()):
            return
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        if b"\0" in body:
            # In UTF-16, say, which Python would read, and we would not; JSON is UTF-8 (RFC 8259, 8.1).
            raise HTTPException(MALFORMED[0])
        if is_too_deep(body):
            raise TooDeep

    def _is_json(self) -> bool:
        return any(name == b"content-type" and b"json" in value.lower() for name, value in self._scope["headers"])


class TooDeep(HTTPException):
    """A body is nested too deeply; FastAPI lets errors of this kind through while it reads one."""

    plain = TOO_DEEP

    def __init__(self) -> None:
        """Take the status that belongs to it."""
        super().__init__(self.plain[0])
