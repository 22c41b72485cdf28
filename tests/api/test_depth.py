"""Bodies that are nested deeply are refused before anything recursive reads them."""

import json
from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient

from api.depth import is_too_deep
from tests.fixtures.api import Person

JSON = {"Content-Type": "application/json"}


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    """Return a list in a list in a list ..."""
    return (opening * levels + closing * levels).encode()


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (nested(32), False),
        (nested(33), True),
        (nested(33, '{"a":', "}"), True),
        (nested(16, '[{"a":', "}]"), False),
        (nested(17, '[{"a":', "}]"), True),
        (b"[" + b"[]," * 1000 + b"[]]", False),
        (json.dumps([{"a": "[[[{{{"}] * 100).encode(), False),
        (json.dumps(["\\", '"', '\\"[', "[" * 50] * 10).encode(), False),
        (b'["\\\\",' + nested(33) + b"]", True),
        (b'["' + b"[" * 100, False),
        (b'["\\' + b"[" * 100 + b"\\", False),
        (b'"' + b'\\"' * 50_000 + b"[" * 40 + b"\\", False),
        (b"]" * 100 + nested(33), False),
        (b"", False),
    ],
)
def test_levels_are_counted_outside_of_texts(body: bytes, deep: bool) -> None:
    """Brackets in texts are text; what is not JSON at all is for the parser to refuse."""
    assert is_too_deep(body) is deep


@pytest.mark.parametrize("levels", [33, 1_000, 10_000, 100_000])
@pytest.mark.parametrize("path", ["/reminders", "/auth/register", "/schedules/preview"])
async def test_a_deep_body_is_refused(signed_in: Person, path: str, levels: int) -> None:
    """With a code of its own, with and without an Idempotency-Key."""
    for body in (nested(levels), b'{"message": ' + nested(levels, '{"a":', "1}") + b"}"):
        for headers in (JSON, {"Content-Type": "application/vnd.x+JSON", "Idempotency-Key": "k"}):
            answer = await signed_in.post(path, content=body[: 255 * 1024], headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, "too_deep")


async def test_a_body_in_parts_is_put_together(client: AsyncClient) -> None:
    """Levels are counted across the parts in which a body comes."""

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b'{"a": ['

    answer = await client.post("/auth/register", content=parts(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_deep")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
async def test_json_is_in_utf_8(client: AsyncClient, encoding: str) -> None:
    """Python would read others, in which levels could hide."""
    body = json.dumps({"email": "ada@example.com"}).encode(encoding)
    answer = await client.post("/auth/register", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")


async def test_brackets_elsewhere_are_no_levels(client: AsyncClient) -> None:
    """A form may be full of brackets."""
    form = {"username": "[" * 100, "password": "{" * 100}
    assert (await client.post("/auth/token", data=form)).status_code == 401
