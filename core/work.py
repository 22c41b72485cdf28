"""Work: one transaction, the instant at which it happens, and what to ring once it has committed."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypedDict, Unpack
from uuid import UUID

from asyncpg import Record
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.quotas import Quotas


@dataclass(frozen=True, slots=True)
class Who:
    """Who asked for the work: null for strangers and for the machine itself; the request's id where there is one."""

    user_id: UUID | None = None
    key_id: UUID | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the audit log: what was done to what; names of fields, never their content."""

    action: str
    """`object.past_participle`, such as `member.removed`."""
    team_id: UUID | None = None
    """Null for what concerns an account."""
    object_type: str | None = None
    object_id: UUID | None = None
    fields: Sequence[str] = ()
    result: Literal["done", "refused"] = "done"
    user_id: UUID | None = None
    """Who did it, where nobody is signed in."""


class About(TypedDict, total=False):
    """What a note says beside its action."""

    team_id: UUID | None
    object_type: str | None
    object_id: UUID | None
    fields: Sequence[str]
    result: Literal["done", "refused"]
    user_id: UUID | None


@dataclass(slots=True)
class Work:
    """What a door hands to the verbs of `crud`: they read and write through `conn` and never commit.

    `now` is PostgreSQL's clock as read at the door, aware, UTC; the door sets it before it calls a verb.
    """

    conn: AsyncConnection
    now: datetime
    alarms: set[datetime] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    again: bool = False
    who: Who = Who()
    notes: list[Note] = field(default_factory=list)
    quotas: Quotas | None = None
    """How many things there may be; the machine's own work has no quotas."""

    async def one(self, statement: str, *values: object) -> Record | None:
        """Run a statement as it is written, without SQLAlchemy around it, and return its first row; for hot paths.

        The transaction must have begun by a statement of `conn`: asyncpg's own would run and commit on its own.
        """
        driver = self.conn.sync_connection.connection.driver_connection  # type: ignore[union-attr]  # it is connected
        if driver is None or not driver.is_in_transaction():
            message = "this transaction has not begun yet"
            raise RuntimeError(message)
        try:
            row: Record | None = await driver.fetchrow(statement, *values)
        except TimeoutError:
            # SQLAlchemy, which throws such connections away, has not seen it and would roll back on a dead one.
            driver.terminate()
            await self.conn.invalidate()
            raise
        return row

    def note(self, action: str, **about: Unpack[About]) -> None:
        """Ask for a line in the audit log, written by the door right before the commit."""
        self.notes.append(Note(action, **about))

    def wake(self, at: datetime | None) -> None:
        """Ask for an alarm at a due second, to be set after the commit."""
        if at is not None:
            self.alarms.add(at)

    def hint(self, channels: Iterable[str]) -> None:
        """Ask that the dispatchers of some channels look for work, after the commit."""
        self.channels.update(channels)

    def wake_again(self) -> None:
        """Ask for one more claim at once, because there is more than this one took."""
        self.again = True


@asynccontextmanager
async def begin(engine: AsyncEngine) -> AsyncIterator[Work]:
    """Open a transaction for a job; commit when the block ends, roll back when it raises.

    Ringing is the caller's, after the block.
    """
    async with engine.begin() as conn:
        now = (await conn.execute(text("select now()"))).scalar_one()
        yield Work(conn, now)
