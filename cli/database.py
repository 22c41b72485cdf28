"""Whether the database can be worked with, said in words that tell what to do."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

from cli.words import MISCONFIGURED, stop, warn

NOT_MIGRATED = "the database is not migrated{}; run `reminders migrate` first"
AWAY = "the database does not answer ({}); check that it runs, and DATABASE_URL"
REFUSED = {
    "28": "the database refuses the user name or password in DATABASE_URL",
    "3D": "the database named in DATABASE_URL does not exist; create it first",
}
STARTING = ("57", "53", "08")


def upgrade(url: str) -> tuple[str | None, str | None]:
    """Migrate, and return the revisions before and after; end the command where that cannot be."""
    from migrations.run import OldServer
    from migrations.run import upgrade as migrate

    try:
        return _run(migrate(url))
    except OldServer as error:
        stop(f"this server is too old: {error}", MISCONFIGURED)


def require(url: str, *, patient: bool = True) -> None:
    """End the command unless the database is there and migrated.

    With `patient`, one that does not answer for now is only warned of: the processes outlive that, and whoever
    starts them all at once need not mind the order.
    """
    behind, revision = _run(_look(url), patient=patient) or (False, "")
    if revision is None or behind:
        stop(NOT_MIGRATED.format("" if revision is None else " to this release"), MISCONFIGURED)


async def _look(url: str) -> tuple[bool, str | None]:
    from core.db import open_engine
    from crud import readiness
    from migrations.run import head

    engine = open_engine(url, pool_size=None)
    try:
        async with engine.connect() as connection:
            revision = (await readiness.state(connection)).revision
    finally:
        await engine.dispose()
    return revision is not None and revision < (head() or ""), revision


def _run(work: Coroutine[Any, Any, Any], *, patient: bool = False) -> Any:
    from asyncpg import InterfaceError, PostgresError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return asyncio.run(work)
    except (SQLAlchemyError, PostgresError, InterfaceError, OSError, TimeoutError, ValueError) as error:
        causes = list(_causes(error))
    state = next((str(found) for cause in causes if (found := getattr(cause, "sqlstate", None))), "")
    if state[:2] in REFUSED:
        stop(REFUSED[state[:2]], MISCONFIGURED)
    passing = state.startswith(STARTING) if state else any(isinstance(e, OSError | TimeoutError) for e in causes)
    if passing and patient:
        return warn(AWAY.format(type(causes[-1]).__name__) + ". Going on, and waiting for it")
    if passing:
        stop(AWAY.format(type(causes[-1]).__name__))
    # Its message may repeat the address, and with it a password.
    stop(f"DATABASE_URL cannot be used ({type(causes[-1]).__name__} {state})", MISCONFIGURED)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = getattr(cause, "orig", None) or cause.__cause__
