"""Computing anew what was planned by zone data of another version: by one process at a time, in short transactions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core import metrics
from core.crash import crash_point
from core.logs import frames
from core.queue import Ringer
from core.work import begin
from crud import recompute, recompute_local, zone_rules
from crud.zone_rules import Course, Report
from schedules import zones

log = structlog.get_logger()

LOCK = 7_310_579_604_181_106_026
LOOK_SECONDS = 600.0
RETRY_SECONDS = 15.0
PREPARE_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.2
# Whoever holds a reminder lets go within milliseconds; a person's transaction may take a second.
BUSY_SECONDS = (0.1, 0.5, 2.0)

Progress = Callable[[Course], None]


class UnderWay(Exception):
    """Another process is computing anew at this moment."""


async def settle(db: AsyncEngine, ringer: Ringer) -> Report | None:
    """Do what this process has to do about the version of its zone data; return a report if that was something."""
    standing = await _standing(db)
    if standing == "older":
        log.warning("zones.older_than_plans", tzdata=zones.VERSION)
    if standing in {"older", "settled"}:
        return None
    try:
        return await compute(db, ringer)
    except UnderWay:
        return None


async def prepare(db: AsyncEngine, ringer: Ringer) -> None:
    """Settle before anything is claimed in this process, or wait for the one that is at it; for half a minute at most.

    A claim reckons on from what other data planned, and could come to the same nominal time once more. Whatever
    keeps this from ending is left to `watch`: delivering is more urgent.
    """
    try:
        async with asyncio.timeout(PREPARE_SECONDS):
            while await settle(db, ringer) is None and await _standing(db) == "compute":  # noqa: ASYNC110  another process is waited for
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
    except Exception as error:  # noqa: BLE001  whatever it is, it must not keep a process from delivering
        log.warning("schedules.recompute_waiting", error=type(error).__name__, at=frames(error)[-1:])


async def compute(
    db: AsyncEngine, ringer: Ringer, *, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Compute anew what this process's zone data plan otherwise, whatever their version, and return what changed.

    Where they are those that everything was computed with, it looks after what older processes may have planned
    within the last day. `dry_run` writes nothing. Raises UnderWay.
    """
    rules = await asyncio.to_thread(_rules)
    async with _alone(db):
        async with begin(db) as work:
            standing = await zone_rules.standing(work, zones.VERSION)
            verifies = standing in {"settled", "verify"}
            find = zone_rules.verification(work, zones.VERSION) if verifies else None
            course = await (find or zone_rules.compare(work, zones.VERSION, rules))
            if not dry_run:
                await (zone_rules.seen(work) if verifies else zone_rules.begin(work, course))
        if course.former:
            await _walk(db, ringer, course, progress, dry_run=dry_run)
        if not dry_run and course.id is not None:
            async with begin(db) as work:
                await zone_rules.finish(work, course, rules)
    if not dry_run:
        _tell(course)
    return course.report


async def watch(db: AsyncEngine, ringer: Ringer) -> None:
    """Look every ten minutes, and at once, whether there is something to compute anew; until cancelled."""
    while True:
        wait = LOOK_SECONDS
        try:
            await settle(db, ringer)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("schedules.recompute_waiting", error=type(error).__name__)
            wait = RETRY_SECONDS
        await asyncio.sleep(wait)


async def _walk(db: AsyncEngine, ringer: Ringer, course: Course, progress: Progress | None, *, dry_run: bool) -> None:
    """Go through all reminders in zones that differ; those that were held come last."""
    more, held = True, list[UUID]()
    while more:
        async with begin(db) as work:
            more, busy = await recompute.batch(work, course, write=not dry_run)
            if course.id is not None and not dry_run:
                await zone_rules.advance(work, course)
        crash_point("recompute:mid_batch")
        held += busy
        await ringer.ring(work)
        if progress:
            progress(course)
    await _walk_teams(db, ringer, course, dry_run=dry_run)
    course.report.busy = len(await _walk_held(db, ringer, course, held))


async def _walk_teams(db: AsyncEngine, ringer: Ringer, course: Course, *, dry_run: bool) -> None:
    course.report.teams = 0
    after: UUID | None = UUID(int=0)
    while after:
        async with begin(db) as work:
            after = await recompute_local.batch(work, course, after, write=not dry_run)
        await ringer.ring(work)


async def _walk_held(db: AsyncEngine, ringer: Ringer, course: Course, held: list[UUID]) -> list[UUID]:
    for seconds in BUSY_SECONDS:
        if held:
            await asyncio.sleep(seconds)
            async with begin(db) as work:
                held = await recompute.again(work, course, held)
            await ringer.ring(work)
    return held


@asynccontextmanager
async def _alone(db: AsyncEngine) -> AsyncIterator[None]:
    """Hold PostgreSQL's word that no other process is at it; it ends with the connection, whatever happens."""
    async with db.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        if not (await conn.execute(text("select pg_try_advisory_lock(:lock)"), {"lock": LOCK})).scalar_one():
            raise UnderWay
        try:
            yield
        finally:
            # The lock belongs to the session, so the connection must not go back to the pool with it.
            await conn.invalidate()


async def _standing(db: AsyncEngine) -> zone_rules.Standing:
    async with begin(db) as work:
        return await zone_rules.standing(work, zones.VERSION)


def _rules() -> dict[str, bytes]:
    return {name: zones.rules(name) for name in sorted(zones.names())}


def _tell(course: Course) -> None:
    report = course.report
    metrics.recomputed.inc(report.moved)
    if course.former_version is None and not report.moved:
        return
    log.info(
        "schedules.recomputed",
        tzdata=course.version,
        former=course.former_version,
        zones=sorted(course.former),
        looked_at=report.looked_at,
        moved=report.moved,
        busy=report.busy,
        unreadable=report.unreadable,
        teams=report.teams,
    )
