"""What operators and their probes ask."""

import asyncio
from functools import lru_cache
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from crud import readiness
from crud.readiness import State
from schedules import zones
from schemas.health import Alive, Ready

router = APIRouter(tags=["operations"])

PING_SECONDS = 0.5
LOOK_SECONDS = 5
# Four sweeps missed at the default interval, and longer than any deploy takes.
LATE_SECONDS = 60


@router.get("/healthz")
async def healthz() -> Alive:
    """Say whether the process is alive; it asks nobody."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Ready, "description": "The database is away or not migrated."}})
async def readyz(request: Request, response: Response) -> Ready:
    """Say whether requests can be served and reminders get out."""
    looked, redis, expected = await asyncio.gather(_look(request), _redis(request), asyncio.to_thread(_head))
    reasons = [*_fatal(looked, expected), *_degraded(looked, redis)]
    unavailable = bool(_fatal(looked, expected))
    response.status_code = 503 if unavailable else 200
    seen = looked or State()
    return Ready(
        status="unavailable" if unavailable else "degraded" if reasons else "ok",
        reasons=reasons,
        database="ok" if looked else "away",
        migration=seen.revision,
        migration_expected=expected,
        redis=redis,
        last_sweep_at=seen.swept_at,
        last_sweep_age_s=seen.sweep_age,
        oldest_overdue_s=seen.overdue,
        tzdata=zones.VERSION,
    )


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics() -> Response:
    """Give what is counted, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@lru_cache(maxsize=1)
def _head() -> str:
    from migrations.run import head  # noqa: PLC0415  Alembic is not needed to serve requests

    return head() or ""


async def _look(request: Request) -> State | None:
    try:
        async with asyncio.timeout(LOOK_SECONDS), request.app.state.database.connect() as conn:
            return await readiness.state(conn)
    except (SQLAlchemyError, OSError):
        return None


async def _redis(request: Request) -> Literal["ok", "away", "none"]:
    redis = getattr(request.app.state.ringer, "redis", None)
    if redis is None:
        return "none"
    try:
        async with asyncio.timeout(PING_SECONDS):
            await redis.ping()
    except (RedisError, OSError):
        return "away"
    return "ok"


def _fatal(looked: State | None, expected: str) -> list[str]:
    if looked is None:
        return ["the database is away"]
    if looked.revision is None:
        return ["the database is not migrated"]
    # A database that is ahead belongs to the next release, under which this one keeps serving.
    return ["the database is not migrated to this release"] if looked.revision < expected else []


def _degraded(looked: State | None, redis: str) -> list[str]:
    reasons = [] if redis == "ok" else ["redis is away"] if redis == "away" else ["there is no redis"]
    if looked is not None and looked.revision is not None:
        if looked.sweep_age is None or looked.sweep_age > LATE_SECONDS:
            reasons.append("nobody has swept for a minute")
        if looked.overdue > LATE_SECONDS:
            reasons.append("something has been due for more than a minute")
    return reasons
