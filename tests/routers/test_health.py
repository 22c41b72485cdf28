"""What operators and their probes ask."""

from importlib import import_module

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy import text

from core.settings import Settings
from tests.fixtures.api import serve


def _root(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app=app), base_url="http://test")


async def test_a_process_is_alive_without_a_database(settings: Settings) -> None:
    """`/healthz` is 200 although the database is away; `/readyz` is 503 and says why; the API is 503."""
    nowhere = settings.model_copy(update={"database_url": SecretStr("postgresql://x@127.0.0.1:1/x")})
    async with serve(nowhere) as app, _root(app) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert ready.json()["reasons"][0] == "the database is away"
        refused = await client.post("/api/v1/auth/refresh", json={"refresh_token": "x"})
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert refused.headers["Retry-After"] == "2"


async def test_a_database_without_tables_is_not_ready(settings: Settings, empty_database_url: str) -> None:
    """An unmigrated database is 503 and said to be so."""
    empty = settings.model_copy(update={"database_url": SecretStr(empty_database_url)})
    async with serve(empty) as app, _root(app) as client:
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["reasons"][0] == "the database is not migrated"


async def test_without_redis_and_sweeps_it_is_degraded(app: FastAPI) -> None:
    """Requests are served, so it is 200; what makes reminders late is named."""
    async with _root(app) as client:
        ready = await client.get("/readyz/")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert ready.json()["reasons"] == ["there is no redis", "nobody has swept for a minute"]
    assert ready.json()["migration"] == ready.json()["migration_expected"]
    assert ready.json()["tzdata"] == import_module("tzdata").IANA_VERSION


async def test_with_redis_and_a_sweep_it_is_ready(settings: Settings, redis_url: str) -> None:
    """With Redis there and a sweep just made, it is `ok`; an old sweep makes it `degraded` again."""
    whole = settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    beat = "insert into workers (kind, host, started_at, seen_at, swept_at) values ('worker', 'h', now(), now(), now())"
    async with serve(whole) as app, _root(app) as client:
        async with app.state.database.begin() as conn:
            await conn.execute(text(beat))
        assert (await client.get("/readyz")).json()["status"] == "ok"
        async with app.state.database.begin() as conn:
            await conn.execute(text("update workers set swept_at = now() - interval '2 min'"))
        assert (await client.get("/readyz")).json()["reasons"] == ["nobody has swept for a minute"]


async def test_a_redis_that_is_away_degrades(settings: Settings) -> None:
    """A Redis that cannot be reached is named, and the answer is still 200."""
    gone = settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1/0")})
    async with serve(gone) as app, _root(app) as client:
        ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["redis"]) == (200, "away")


async def test_metrics_count_requests_by_route(app: FastAPI) -> None:
    """`/metrics` speaks Prometheus and names routes, not paths as they were sent."""
    async with _root(app) as client:
        await client.get("/api/v1/teams/secret-in-the-path")
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "reminders_request_seconds_bucket" in answer.text
    assert "secret-in-the-path" not in answer.text
