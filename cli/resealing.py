"""What `reminders secrets rotate` and `reminders secrets status` do and say."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.words import FAILED, stop, warn
from core import logs
from core.db import open_engine
from core.loops import new_loop
from core.sealing import key_names
from core.settings import Settings
from core.work import begin
from crud import rehash, reseal
from crud.reseal import FADING, SEALED, Course

UNFINISHED = "not finished ({}); what is done is done, and the next run goes on from there"
HASHES = (
    "Keyed hashes were made with another key than now. Set HASH_KEY to what was SECRET_KEY then; or run "
    "`reminders secrets rotate`, and make all API keys anew."
)
DROP = """\
The former keys may be taken out of SECRET_KEYS_PREVIOUS as soon as every process runs with this SECRET_KEY and ten more
minutes have passed, for access tokens{}.
HASH_KEY must then be what was the last one of them, and stay so: hashes cannot be opened to be made anew."""
FADES = "; {} kept answers to requests with an Idempotency-Key are forgotten within a day, until then they want it"

Found = TypeVar("Found")


@dataclass(slots=True)
class Report:
    """The names of the keys, and of each column how many values each of them has sealed."""

    current: str
    previous: list[str]
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    fading: dict[str, dict[str, int]] = field(default_factory=dict)
    hashes_differ: bool = False

    @property
    def left(self) -> int:
        """How many values another key has sealed."""
        return sum(count for used in self.columns.values() for key, count in used.items() if key != self.current)


def status(settings: Settings, *, as_json: bool) -> None:
    """Print the state; ends the command with 1 while a former key is needed."""
    report = _run(settings, lambda engine: _look(engine, settings))
    typer.echo(json.dumps({**asdict(report), "left": report.left}) if as_json else "\n".join(lines(report)))
    if report.left or report.hashes_differ:
        raise typer.Exit(FAILED)


def rotate(settings: Settings, *, as_json: bool) -> None:
    """Seal and hash anew, and print what was done and what is left; ends the command with 1 if something is."""
    done, report = _run(settings, lambda engine: _rotate(engine, settings))
    if as_json:
        typer.echo(json.dumps({**asdict(report), "left": report.left, **done}))
    else:
        typer.echo("\n".join([*_done(done), *lines(report)]))
    if report.left:
        raise typer.Exit(FAILED)


def _run(settings: Settings, work: Callable[[AsyncEngine], Awaitable[Found]]) -> Found:
    # Standard output is for the report, which a program may read.
    logs.configure(settings, to="stderr")

    async def whole() -> Found:
        async with _database(settings) as engine:
            return await work(engine)

    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(whole())
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        stop(UNFINISHED.format(type(error).__name__))


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[AsyncEngine]:
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    engine = open_engine(url, pool_size=2)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _rotate(engine: AsyncEngine, settings: Settings) -> tuple[dict[str, Any], Report]:
    resealed: dict[str, Any] = {}
    for sealed in SEALED:
        course = Course()
        async for _ in reseal.rotate(engine, settings, sealed, course):
            _progress(f"{sealed.where}: {course.resealed} sealed anew")
        resealed[sealed.where] = asdict(course)
    rehashed = 0
    async for rehashed in rehash.rehash(engine, settings):
        _progress(f"addresses: {rehashed} hashed anew")
    return {"resealed": resealed, "rehashed": rehashed}, await _look(engine, settings)


async def _look(engine: AsyncEngine, settings: Settings) -> Report:
    current, *previous = key_names(settings)
    report = Report(current, previous)
    async with begin(engine) as work:
        for sealed in SEALED:
            report.columns[sealed.where] = await reseal.keys_used(work, sealed)
        for sealed in FADING:
            report.fading[sealed.where] = await reseal.keys_used(work, sealed)
        report.hashes_differ = await rehash.foreign(work, settings)
    return report


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        warn(words)


def _done(done: dict[str, Any]) -> list[str]:
    told = [f"{where}: {course['resealed']} sealed anew." for where, course in done["resealed"].items()]
    for where, course in done["resealed"].items():
        if course["unreadable"]:
            told.append(f"{where}: {course['unreadable']} cannot be opened: {', '.join(course['examples'])}")
    if done["rehashed"]:
        told.append(f"addresses: {done['rehashed']} hashed anew. API keys made before work no more; make them anew.")
    return told


def lines(report: Report) -> list[str]:
    """Say which key has sealed what, and what to do next."""
    told = [f"SECRET_KEY is {report.current}; former keys: {', '.join(report.previous) or 'none'}."]
    for where, used in {**report.columns, **report.fading}.items():
        counts = [f"{count} by {key}{_which(report, key)}" for key, count in sorted(used.items())]
        told.append(f"  {where}: {', '.join(counts) or 'nothing'}")
    if report.hashes_differ:
        told.append(HASHES)
    if report.left:
        return [*told, f"{report.left} values are sealed by other keys; run `reminders secrets rotate`."]
    if not report.previous:
        return [*told, "Nothing depends on a former key."]
    waiting = sum(count for used in report.fading.values() for key, count in used.items() if key != report.current)
    return [*told, DROP.format(FADES.format(waiting) if waiting else "")]


def _which(report: Report, key: str) -> str:
    if key == report.current:
        return " (SECRET_KEY)"
    return " (a former key)" if key in report.previous else " (a key that is not known here)"
