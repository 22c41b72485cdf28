"""The create path as the tutorials show it, written with care: token, ORM user, ORM insert, refresh, one arq job.

No idempotency, no roles, no versions. `uvicorn benchmarks.common.naive_create:create_app --factory`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from arq import ArqRedis, create_pool
from arq.connections import RedisSettings
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import JSON, DateTime, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = "a secret of the naive application, as long as it has to be"
bearer = OAuth2PasswordBearer(tokenUrl="token")


class Base(DeclarativeBase):
    """What the tables have in common."""


class User(Base):
    """Somebody."""

    __tablename__ = "naive_users"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)


class Reminder(Base):
    """What is to be remembered."""

    __tablename__ = "naive_reminders"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    team_id: Mapped[UUID] = mapped_column(index=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("naive_users.id"))
    message: Mapped[str]
    notes: Mapped[str | None]
    schedule: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(default="active")
    next_run_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(UTC))


class Once(BaseModel):
    """One instant."""

    kind: str
    at: AwareDatetime


class ReminderIn(BaseModel):
    """A new reminder."""

    message: str = Field(min_length=1, max_length=500)
    notes: str | None = None
    schedule: Once


class ReminderOut(BaseModel):
    """A reminder as it is shown."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    team_id: UUID
    created_by: UUID
    message: str
    notes: str | None
    schedule: dict[str, Any]
    status: str
    next_run_at: datetime
    created_at: datetime


def token(user_id: UUID) -> str:
    """Return an access token."""
    return jwt.encode({"sub": str(user_id)}, KEY, algorithm="HS256")


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(_session)]


async def _user(session: SessionDep, given: Annotated[str, Depends(bearer)]) -> User:
    try:
        user_id = UUID(jwt.decode(given, KEY, algorithms=["HS256"])["sub"])
    except (JWTError, KeyError, ValueError) as error:
        raise HTTPException(401) from error
    user = (await session.execute(select(User).where(User.id == user_id))).scalar_one_or_none()
    if user is None or not user.active:
        raise HTTPException(401)
    return user


async def create_reminder(
    request: Request, team_id: UUID, body: ReminderIn, session: SessionDep, user: Annotated[User, Depends(_user)]
) -> Reminder:
    """Add a reminder and set its alarm."""
    reminder = Reminder(
        team_id=team_id,
        created_by=user.id,
        message=body.message,
        notes=body.notes,
        schedule=body.schedule.model_dump(mode="json"),
        next_run_at=body.schedule.at,
    )
    session.add(reminder)
    await session.commit()
    await session.refresh(reminder)
    redis: ArqRedis = request.app.state.redis
    await redis.enqueue_job("remind", str(reminder.id), _job_id=f"remind:{reminder.id}", _defer_until=body.schedule.at)
    return reminder


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open database and queue."""
    url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, pool_size=10, max_overflow=0)
    async with engine.begin() as conn:
        await conn.run_sync(Base.metadata.create_all)
    app.state.sessions = async_sessionmaker(engine)
    app.state.redis = await create_pool(RedisSettings(unix_socket_path=os.environ["REDIS_URL"].removeprefix("unix://")))
    yield
    await app.state.redis.aclose()
    await engine.dispose()


def create_app() -> FastAPI:
    """Return the application."""
    app = FastAPI(lifespan=lifespan)
    path = "/api/v1/teams/{team_id}/reminders"
    app.post(path, status_code=201, response_model=ReminderOut)(create_reminder)
    return app
