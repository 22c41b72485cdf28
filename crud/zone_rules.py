"""With which zone data the plans were computed, and how far computing them anew has come.

The rules of all zones are kept, so that a new version is compared zone by zone, only schedules in zones that differ
are looked at, and each instant is carried over by what clocks showed at it under the very rules that planned it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from core.ids import uuid7
from core.work import Work
from models import recomputations, zone_rules
from schedules import zones

# For as long after a change, processes with the former version may still be planning.
ROLLING: Final = timedelta(days=1)
AGAIN: Final = timedelta(hours=1)
# Nobody with the newer version has looked for so long: it was taken back.
GONE: Final = timedelta(days=1)
FIRST: Final = (UUID(int=0), UUID(int=0))

Standing = Literal["settled", "compute", "verify", "older"]


@dataclass(slots=True)
class Report:
    """What computing anew has done; it may be written as JSON."""

    looked_at: int = 0
    moved: int = 0
    ended: int = 0
    """Of those that were moved: how many have nothing to come any more."""
    busy: int = 0
    """Left out because somebody else kept changing them; looked at again within the hour."""
    unreadable: int = 0
    teams: int = 0
    """In how many the clock of somebody for whom `timezone: recipient` is planned was looked at."""
    by_zone: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: list[dict[str, str | None]] = field(default_factory=list)
    """The first that were moved: `reminder_id`, `timezone`, `from`, `to`."""
    unreadable_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Course:
    """One way through all reminders: from which rules, and how far it has come."""

    version: str
    former_version: str | None
    began_at: datetime
    former: Mapping[str, ZoneInfo]
    """The zones whose rules differ, as they were."""
    certain: bool = True
    """Whether what is found was planned by the former rules; after a change it may be either."""
    id: UUID | None = None
    after: tuple[UUID, UUID] = FIRST
    report: Report = field(default_factory=Report)


async def standing(work: Work, version: str) -> Standing:
    """Say what a process with this version of the zone data has to do.

    An older one leaves alone what a newer one has computed, or the two would move everything to and fro; it takes
    over when no newer one has been seen for a day.
    """
    last = await _last(work)
    if last is None:
        return "compute"
    if last.version > version:
        return "compute" if last.seen_at < work.now - GONE else "older"
    if last.version != version or last.ended_at is None:
        return "compute"
    return "verify" if last.seen_at < work.now - AGAIN else "settled"


async def compare(work: Work, version: str, rules: Mapping[str, bytes]) -> Course:
    """Return the course from the kept rules to these, or go on with the one in which a process died.

    The very first time there is nothing to compare with: what is planned counts as planned by these rules.
    """
    last = await _last(work)
    former = last and (last.version if last.ended_at else last.former_version)
    course = Course(version, former, work.now, _differing(await _kept(work), rules))
    if last and last.ended_at is None:
        if last.version == version:
            return _resumed(last, course)
        # It died on its way to another version: what it had done was planned by neither for certain.
        course.certain = False
    return course


async def begin(work: Work, course: Course) -> None:
    """Write down that a course is under way; it is to be ended by `finish`."""
    if course.id is None:
        await work.conn.execute(delete(recomputations).where(recomputations.c.ended_at.is_(None)))
        course.id = uuid7()
        row = {"id": course.id, "version": course.version, "former_version": course.former_version}
        await work.conn.execute(insert(recomputations).values(**row, began_at=work.now, seen_at=work.now))


async def verification(work: Work, version: str) -> Course:
    """Return a course through the zones that changed within a day, for what processes of before have planned since."""
    where = zone_rules.c.changed_at > work.now - ROLLING, zone_rules.c.former.is_not(None)
    rows = (await work.conn.execute(select(zone_rules.c.name, zone_rules.c.former).where(*where))).all()
    former = {row.name: zones.read(row.name, row.former) for row in rows if row.name in zones.names()}
    return Course(version, None, work.now, former, certain=False)


async def advance(work: Work, course: Course) -> None:
    """Write down how far a course has come, with the batch that it has just done."""
    values = {"after_team_id": course.after[0], "after_id": course.after[1], "report": asdict(course.report)}
    await _write(work, course, seen_at=work.now, **values)


async def finish(work: Work, course: Course, rules: Mapping[str, bytes]) -> None:
    """Keep the rules with which everything is computed now, and end the course."""
    kept = await _kept(work)
    if new := [{"name": name, "rules": each} for name, each in rules.items() if name not in kept]:
        await work.conn.execute(insert(zone_rules), new)
    for name in course.former:
        changed = {"rules": rules[name], "former": kept[name], "changed_at": work.now}
        await work.conn.execute(update(zone_rules).where(zone_rules.c.name == name).values(changed))
    await _write(work, course, seen_at=work.now, ended_at=work.now, report=asdict(course.report))


async def seen(work: Work) -> None:
    """Say that a process with the version of the last course is there."""
    last = await _last(work)
    if last is not None:
        where = recomputations.c.id == last.id
        await work.conn.execute(update(recomputations).where(where).values(seen_at=work.now))


async def _last(work: Work) -> Any:  # noqa: ANN401  a row of whatever the table has
    newest = select(recomputations).order_by(recomputations.c.began_at.desc()).limit(1)
    return (await work.conn.execute(newest)).one_or_none()


async def _kept(work: Work) -> dict[str, bytes]:
    rows = (await work.conn.execute(select(zone_rules.c.name, zone_rules.c.rules))).all()
    return {row.name: row.rules for row in rows}


async def _write(work: Work, course: Course, **values: object) -> None:
    await work.conn.execute(update(recomputations).where(recomputations.c.id == course.id).values(**values))


def _differing(kept: Mapping[str, bytes], rules: Mapping[str, bytes]) -> dict[str, ZoneInfo]:
    return {name: zones.read(name, old) for name, old in kept.items() if rules.get(name, old) != old}


def _resumed(last: Any, course: Course) -> Course:  # noqa: ANN401  a row of whatever the table has
    course.id, course.began_at = last.id, last.began_at
    course.after = (last.after_team_id or FIRST[0], last.after_id or FIRST[1])
    course.report = Report(**last.report)
    return course
