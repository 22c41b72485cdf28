"""What `reminders schedules recompute` does and says."""

import asyncio
import json
import sys
from dataclasses import asdict

import typer
from sqlalchemy.exc import SQLAlchemyError

from cli.words import FAILED, stop, warn
from core import logs
from core.loops import new_loop
from core.settings import Settings
from crud.zone_rules import Course, Report
from schedules import zones
from tasks.engine import open_engine
from tasks.recompute import UnderWay, compute

AT_IT = "another process is computing anew at this moment; it logs its report as `schedules.recomputed`"
UNFINISHED = "not finished ({}); what is done is done, and the next run goes on from there"


def run(settings: Settings, *, dry_run: bool, as_json: bool) -> None:
    """Compute anew, and print the report."""
    # Standard output is for the report, which a program may read.
    logs.configure(settings, to="stderr")
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            report = runner.run(_compute(settings, dry_run=dry_run))
    except UnderWay:
        stop(AT_IT)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        stop(UNFINISHED.format(type(error).__name__))
    if as_json:
        typer.echo(json.dumps({"tzdata": zones.VERSION, "dry_run": dry_run, **asdict(report)}))
    else:
        typer.echo("\n".join(lines(report, dry_run=dry_run)))
    if report.busy or report.unreadable:
        raise typer.Exit(FAILED)


async def _compute(settings: Settings, *, dry_run: bool) -> Report:
    async with open_engine(settings, kind="cli", channels=()) as engine:
        return await compute(engine.database, engine.ringer, dry_run=dry_run, progress=_progress)


def _progress(course: Course) -> None:
    if sys.stderr.isatty():
        warn(f"{course.report.looked_at} reminders looked at, {course.report.moved} moved")


def lines(report: Report, *, dry_run: bool) -> list[str]:
    """Say what was done, and what to do next."""
    if not report.looked_at and not report.teams:
        return [f"tzdata {zones.VERSION}: no reminder is in a zone whose rules have changed. Nothing to do."]
    moved = "would move" if dry_run else "moved"
    told = [f"tzdata {zones.VERSION}: {report.looked_at} reminders looked at, {report.moved} {moved}."]
    told += [
        f"  {zone}: {count['moved']} of {count['looked_at']} {moved}" for zone, count in sorted(report.by_zone.items())
    ]
    told += [f"    {each['reminder_id']}  {each['from']} -> {each['to'] or 'ended'}" for each in report.examples]
    if report.moved > len(report.examples):
        told.append(f"    and {report.moved - len(report.examples)} more")
    if report.teams:
        told.append(f"Everybody's own clocks {'would be' if dry_run else 'were'} looked at in {report.teams} teams.")
    if report.ended:
        told.append(f"{report.ended} of them have nothing to come any more.")
    if report.busy:
        told.append(f"{report.busy} were being changed all the time and are left as they are; run this again.")
    if report.unreadable:
        told.append(f"{report.unreadable} cannot be planned at all; edit or delete them: {_some(report)}")
    told.append("Run it without --dry-run to write this." if dry_run and report.moved else "Nothing more to do.")
    return told if not (report.busy or report.unreadable) or dry_run else told[:-1]


def _some(report: Report) -> str:
    more = report.unreadable - len(report.unreadable_ids)
    return ", ".join(report.unreadable_ids) + (f" and {more} more" if more > 0 else "")
