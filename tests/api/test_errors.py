"""Refusals: always problem details, never a 500 from input, never an echo of what was sent."""

import json

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from api.errors import sqlstate
from api.fields import field_problems
from tests.fixtures.api import Person

JSON = {"Content-Type": "application/json"}
REGISTER = {"email": "ada@example.com", "name": "Ada", "password": "three wet socks"}


async def test_a_problem_has_every_member(client: AsyncClient) -> None:
    """What is not there is answered as RFC 9457 says, with our stable code."""
    answer = await client.get("/nowhere")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this path",
        "code": "not_found",
        "instance": "/api/v1/nowhere",
    }
    wrong = await client.put("/auth/register", json={})
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["Allow"]) == (405, "method_not_allowed", "POST")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "missing"),
        (b"{", 422, "invalid_json"),
        (b"null", 422, "not_an_object"),
        (b"[]", 422, "not_an_object"),
        (b"\xff\xff", 400, "malformed_body"),
        (b"[" * 100_000, 400, "too_deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", 400, "malformed_body"),
        (b'"' + b"x" * 262_144 + b'"', 413, "body_too_large"),
    ],
)
async def test_a_body_that_cannot_be_read(client: AsyncClient, body: bytes, status: int, code: str) -> None:
    """Odd bodies are refused as such, and cannot break the server."""
    answer = await client.post("/auth/register", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_streamed_body_is_counted(client: AsyncClient) -> None:
    """A body without a declared length is cut off when it grows beyond the limit."""
    sent = 0

    async def stream() -> object:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b" " * 10_000

    answer = await client.post("/auth/register", content=stream(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert sent < 30


HOSTILE = ['"\\ud800"', '"a\\u0000b"', "NaN", "Infinity", "1e400", "9" * 31, "true", "null", '{"x": [1]}', '"\\u2028"']


@pytest.mark.parametrize("field", ["email", "name", "password", "timezone", "\\ud800"])
async def test_hostile_values_are_refused_or_taken(client: AsyncClient, field: str) -> None:
    """Whatever stands in whatever field, the answer can be read, and is no fault of ours."""
    for value in HOSTILE:
        members = {name: json.dumps(text) for name, text in REGISTER.items()} | {field: value}
        body = "{" + ", ".join(f'"{name}": {text}' for name, text in members.items()) + "}"
        answer = await client.post("/auth/register", content=body.encode(), headers=JSON)
        assert answer.status_code in {201, 409, 422}
        assert answer.json()


async def test_nothing_that_was_sent_comes_back(client: AsyncClient) -> None:
    """A refused password is not repeated in the answer."""
    answer = await client.post("/auth/register", json=REGISTER | {"password": "hunter", "timezone": 7})
    assert answer.status_code == 422
    assert "hunter" not in answer.text
    assert {each["field"] for each in answer.json()["errors"]} == {"password", "timezone"}
    assert answer.json()["code"] == "invalid"


async def test_a_fault_of_ours_says_nothing(
    app: FastAPI, signed_in: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unforeseen error is a 500 without details; the log names its kind and place, not its message."""
    app.state.ringer = object()
    answer = await signed_in.get("/users/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["X-Request-ID"]
    assert "ring" not in answer.text
    logged = capsys.readouterr().out
    assert "AttributeError" in logged
    assert "has no attribute" not in logged


def test_a_field_is_named_as_it_was_sent() -> None:
    """The tag that Pydantic puts into the path of a union is not part of the field's name."""
    found = [{"type": "missing", "loc": ("body", "schedule", "cron", "expression"), "msg": "Field required"}]
    body = {"schedule": {"kind": "cron"}}
    assert field_problems(found, body)[0]["field"] == "schedule.expression"
    # Here the tag is the name of a field as well.
    found = [{"type": "missing", "loc": ("body", "schedule", "rrule", "starts_at"), "msg": "Field required"}]
    ruled = {"schedule": {"kind": "rrule", "rrule": "FREQ=DAILY"}}
    assert field_problems(found, ruled)[0]["field"] == "schedule.starts_at"
    listed = [
        {"type": "x", "loc": ("body", "users", 1), "msg": "m"},
        {"type": "x", "loc": ("query", "limit"), "msg": "m"},
    ]
    assert [each["field"] for each in field_problems(listed, {"users": ["a", "b"]})] == ["users.1", "limit"]


def test_an_error_without_a_code_is_a_connection_lost() -> None:
    """What came from the network counts as the database being away."""
    assert sqlstate(ConnectionRefusedError()) == ""
    assert sqlstate(ValueError()) == "XX000"


def test_half_a_character_is_spelled_out() -> None:
    """A field's name comes from the client, so it is made such that JSON can be written with it."""
    found = [{"type": "extra_forbidden", "loc": ("body", "\ud800"), "msg": "Extra inputs are not permitted"}]
    [shown] = field_problems(found, {"\ud800": 1})
    assert (shown["field"], shown["code"]) == ("\\ud800", "unknown_field")


async def test_a_refusal_says_the_way_out(signed_in: Person) -> None:
    """A body without its type, an offset whose + was lost in the URL: the message says what to send."""
    untyped = await signed_in.post("/reminders", content=b'{"message": "m"}')
    assert "Content-Type: application/json" in untyped.json()["errors"][0]["message"]
    lost = await signed_in.get("/reminders?due_after=2027-01-01T00:00:00+01:00")
    assert (lost.status_code, "%2B" in lost.json()["errors"][0]["message"]) == (422, True)
