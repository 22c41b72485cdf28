"""Creating and listing reminders with nothing around it: the same schemas, one statement, nobody is asked who they are.

No token, no roles, no idempotency, no audit log, no limits, no transaction of its own, no alarm.
`uvicorn benchmarks.common.bare_reminders:create_app --factory`.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request

from core.ids import uuid7
from schedules import plan
from schemas.page import Page
from schemas.reminder_read import ReminderRead, read
from schemas.reminders import ReminderCreate

_CREATE = """
insert into reminders (team_id, created_by, id, message, notes, schedule, next_run_at)
select id, personal_of, $2, $3, $4, $5, $6 from teams where id = $1
returning *
"""
_LIST = "select * from reminders where team_id = $1 and status <> 'deleted' order by next_run_at, id limit $2"


async def create_reminder(request: Request, team_id: UUID, body: ReminderCreate) -> ReminderRead:
    """Add a reminder."""
    now = datetime.now(UTC)
    stored = plan.save(body.schedule.spec(), now=now, timezone="UTC")
    first = plan.load(stored).first(now)
    values = (team_id, uuid7(), body.message, body.notes, stored, first and first.at)
    return read(await request.app.state.pool.fetchrow(_CREATE, *values), "en")


async def list_reminders(request: Request, team_id: UUID, limit: int) -> Page[ReminderRead]:
    """List what comes next in a team."""
    rows = await request.app.state.pool.fetch(_LIST, team_id, limit)
    return Page[ReminderRead].model_construct(items=[read(row, "en") for row in rows], next_cursor=None)


async def _speak_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10, init=_speak_json) as pool:
        app.state.pool = pool
        yield


def create_app() -> FastAPI:
    """Return the application."""
    app = FastAPI(lifespan=_lifespan)
    path = "/api/v1/teams/{team_id}/reminders"
    app.post(path, status_code=201)(create_reminder)
    app.get(path)(list_reminders)
    return app
