"""Whether the database can be worked with, said in words that tell what to do."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from cli.words import FAILED, MISCONFIGURED, stop, warn

Found = TypeVar("Found")

NOT_MIGRATED = "the database is not migrated{}; run `reminders migrate` first"
AWAY = "the database does not answer ({}); check that it runs, and DATABASE_URL"
REFUSED = {
    "28": "the database refuses the user name or password in DATABASE_URL",
    "3D": "the database named in DATABASE_URL does not exist; create it first",
}
# Shutting down or starting up, out of connections or memory, connection lost: what passes by itself.
STARTING = ("57", "53", "08")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the database cannot be worked with, and the exit code that says whether it may pass."""

    message: str
    code: int


@dataclass(frozen=True, slots=True)
class Looked:
    """The revision of a database, None for an empty one, and whether it is older than this release."""

    revision: str | None
    behind: bool


def upgrade(url: str) -> tuple[str | None, str | None]:
    """Migrate, and return the revisions before and after; end the command where that cannot be."""
    from migrations.run import OldServer
    from migrations.run import upgrade as migrate

    try:
        revisions, trouble = _run(migrate(url))
    except OldServer as error:
        stop(f"this server is too old: {error}", MISCONFIGURED)
    if revisions is None:
        stop(trouble.message, trouble.code)
    return revisions


def require(url: str, *, patient: bool = True) -> None:
    """End the command unless the database is there and migrated.

    With `patient`, one that does not answer for now is only warned of: the processes outlive that, and whoever
    starts them all at once need not mind the order.
    """
    looked, trouble = _run(_look(url))
    if looked is None and patient and trouble.code == FAILED:
        warn(f"{trouble.message}. Going on, and waiting for it")
    elif looked is None:
        stop(trouble.message, trouble.code)
    elif looked.revision is None or looked.behind:
        stop(NOT_MIGRATED.format("" if looked.revision is None else " to this release"), MISCONFIGURED)


async def _look(url: str) -> Looked:
    from core.db import open_engine
    from crud import readiness
    from migrations.run import head

    engine = open_engine(url, pool_size=None)
    try:
        async with engine.connect() as connection:
            revision = (await readiness.state(connection)).revision
    finally:
        await engine.dispose()
    return Looked(revision, behind=revision is not None and revision < (head() or ""))


def _run(work: Coroutine[Any, Any, Found]) -> tuple[Found | None, Trouble]:
    """Return what was found, or None and why nothing was."""
    from asyncpg import InterfaceError, PostgresError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return asyncio.run(work), Trouble("", 0)
    except (SQLAlchemyError, PostgresError, InterfaceError, OSError, TimeoutError, ValueError) as error:
        return None, _judge(list(_causes(error)))


def _judge(causes: Sequence[BaseException]) -> Trouble:
    state = next((str(found) for cause in causes if (found := getattr(cause, "sqlstate", None))), "")
    name = type(causes[-1]).__name__
    if state[:2] in REFUSED:
        return Trouble(REFUSED[state[:2]], MISCONFIGURED)
    if state.startswith(STARTING) or (not state and any(isinstance(cause, OSError) for cause in causes)):
        return Trouble(AWAY.format(name), FAILED)
    # Its message may repeat the address, and with it a password.
    return Trouble(f"DATABASE_URL cannot be used ({name}{f', {state}' if state else ''})", MISCONFIGURED)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = getattr(cause, "orig", None) or cause.__cause__
