"""Every answer tells browsers what not to do with it, whoever gives it."""

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from api.headers import SecurityHeaders
from core.settings import Settings
from tests.fixtures.api import serve

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = {
    "/healthz": 200,
    "/api/v1/openapi.json": 200,
    "/api/v1/users/me": 401,
    "/api/v1/nowhere": 404,
    "/api/v1/schedules/preview": 405,
    "/docs": 200,
    "/redoc": 200,
    "/": 200,
    "/static/docs/swagger.js": 200,
    "/static/nowhere.js": 404,
}


def at_root(app: FastAPI) -> AsyncClient:
    """Return somebody with a browser."""
    return AsyncClient(transport=ASGITransport(app=app, raise_app_exceptions=False), base_url="http://test")


@pytest.mark.parametrize(("path", "status"), PATHS.items())
async def test_every_answer_is_fenced(app: FastAPI, path: str, status: int) -> None:
    """The API, pages, files and refusals: not sniffed, not framed, not embedded, without a word about the server."""
    async with at_root(app) as browser:
        answer = await browser.get(path)
    headers = answer.headers
    assert answer.status_code == status
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "server" not in headers
    assert "strict-transport-security" not in headers


async def test_a_fault_of_ours_is_fenced_as_well(app: FastAPI) -> None:
    """Also where the answer is made outside of everything else."""
    app.state.database = object()
    async with at_root(app) as browser:
        answer = await browser.post("/api/v1/auth/token", data={"username": "ada@example.com", "password": "x" * 12})
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


async def test_https_stays_https(settings: Settings) -> None:
    """Where PUBLIC_URL begins with https, browsers are told to never use anything else, by each answer."""
    async with serve(settings.model_copy(update={"public_url": "https://example.com"})) as app, at_root(app) as browser:
        for path in ("/healthz", "/api/v1/users/me", "/docs", "/static/docs/swagger.js"):
            value = (await browser.get(path)).headers["strict-transport-security"]
            assert value == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v1/x", "/static", "/static2/x"])
def test_what_is_no_file_is_never_kept(path: str) -> None:
    """Only what lies below `/static/` may be kept by a browser."""
    assert (b"cache-control", b"no-store") in SecurityHeaders("http://x").of(path)
