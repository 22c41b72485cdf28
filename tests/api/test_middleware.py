"""What happens to every request."""

import json

import pytest
from httpx2 import ASGITransport, AsyncClient

from core.settings import Settings
from tests.fixtures.api import Person, client_of, serve


@pytest.mark.parametrize(("given", "taken"), [("abc-123", True), ("x" * 101, False), ("a b", False), ("", False)])
async def test_a_request_has_an_id(client: AsyncClient, given: str, taken: bool) -> None:
    """A fit X-Request-ID is taken, any other is replaced; it comes back."""
    answer = await client.get("/nowhere", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is taken
    assert answer.headers["X-Request-ID"]


async def test_a_trailing_slash_changes_nothing(signed_in: Person) -> None:
    """Paths work with a slash at their end, with any method, without a redirect."""
    assert (await signed_in.get("/users/me/")).status_code == 200
    added = await signed_in.post("/users/me/addresses//", json={"kind": "slack", "value": "C024BE91L"})
    assert added.status_code == 201


async def test_browsers_are_told_what_not_to_do(client: AsyncClient) -> None:
    """Answers are not sniffed, framed, kept or run."""
    headers = (await client.get("/nowhere")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_a_line_in_the_log_bears_ids_and_no_content(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request is one line of JSON with its id and route; path, query and body are not in it."""
    async with serve(settings.model_copy(update={"log_format": "json"})) as app, client_of(app) as client:
        form = {"username": "ada@example.com", "password": "hunter222"}
        await client.post("/auth/token?secret=1", data=form, headers={"X-Request-ID": "r1"})
    out = capsys.readouterr().out
    [line] = [json.loads(each) for each in out.splitlines() if '"request"' in each]
    assert (line["request_id"], line["method"], line["status"]) == ("r1", "POST", 401)
    for secret in ("ada", "hunter222", "secret"):
        assert secret not in out


async def test_probes_are_not_logged(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """What is asked every few seconds leaves no line."""
    async with serve(settings) as app, AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        capsys.readouterr()
        await client.get("/healthz")
    assert capsys.readouterr().out == ""
