"""What has become of reminders: occurrences and deliveries as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, exists, func, select

from core.work import Work
from crud import access
from crud.access import Actor
from crud.pages import PageRequest, Sort, cut, paginate
from models import addresses, attempts, deliveries, memberships, occurrences, reminders, teams, users
from schedules.base import RECIPIENT
from schedules.everywhere import on_clock
from schemas.deliveries import AttemptRead, DeliveryRead
from schemas.occurrences import OccurrenceRead, RecipientRead
from schemas.teams import Role

_LATEST = Sort(occurrences.c.scheduled_for, occurrences.c.id, descending=True)
_NEWEST = Sort(deliveries.c.created_at, deliveries.c.id, descending=True)
# What the columns of the row itself do not tell.
_BESIDE = (occurrences.c.reminder_id, occurrences.c.scheduled_for, addresses.c.shown_value.label("address"))
_SCHEDULE_ZONE = func.nullif(reminders.c.schedule["timezone"].astext, RECIPIENT)
# An answer stays bounded, however large the team; the others are among the deliveries.
MOST_RECIPIENTS = 200
_ATTEMPT = tuple(attempts.c[name] for name in AttemptRead.model_fields)

Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeliveryFilters:
    """What a list of deliveries is narrowed to; None: not by this."""

    status: str | None = None
    reminder_id: UUID | None = None
    occurrence_id: UUID | None = None
    team_id: UUID | None = None


async def occurrences_of(
    work: Work, actor: Actor, reminder_id: UUID, status: str | None, page: PageRequest
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the occurrences of a reminder, deleted or not, latest first. Raises NotFound."""
    reminder = await access.found(
        work, access.mine(reminders, actor).where(reminders.c.id == reminder_id), what="reminder"
    )
    which = and_(occurrences.c.team_id == reminder.team_id, occurrences.c.reminder_id == reminder_id)
    statement = select(occurrences).where(which, *([occurrences.c.status == status] if status else []))
    return cut((await work.conn.execute(paginate(statement, _LATEST, page))).all(), _LATEST, page)


async def occurrence_shown(work: Work, actor: Actor, occurrence_id: UUID) -> Shown:
    """Return an occurrence with its recipients, those first who have it first. Raises NotFound."""
    of = await occurrence(work, actor, occurrence_id)
    d = deliveries.c
    statement = _beside(select(deliveries), deliveries).where(d.team_id == of.team_id, d.occurrence_id == of.id)
    order = (func.coalesce(d.due_at, occurrences.c.scheduled_for), d.id)
    rows = (await work.conn.execute(statement.order_by(*order).limit(MOST_RECIPIENTS))).all()
    own = {name: value for name, value in of._asdict().items() if name in OccurrenceRead.model_fields}
    return {**own, "recipients": [_only(RecipientRead, _delivery(row)) for row in rows]}


async def occurrence(work: Work, actor: Actor, occurrence_id: UUID, *, at_least: Role = "viewer") -> Row[Any]:
    """Return an occurrence. Raises NotFound, RoleTooLow."""
    statement = access.mine(occurrences, actor).where(occurrences.c.id == occurrence_id)
    return await access.found(work, statement, what="occurrence", at_least=at_least)


def _beside(statement: Select[Any], rows: FromClause) -> Select[Any]:
    """Add to a selection of deliveries what they were for, where they went, and when that was on whose clock."""
    of_this = and_(occurrences.c.team_id == rows.c.team_id, occurrences.c.id == rows.c.occurrence_id)
    due = func.coalesce(rows.c.due_at, occurrences.c.scheduled_for).label("was_due_at")
    clock = func.coalesce(rows.c.timezone, users.c.timezone, _SCHEDULE_ZONE, teams.c.timezone).label("clock")
    return (
        statement.add_columns(*_BESIDE, due, clock)
        .join(occurrences, of_this)
        .join(reminders, and_(reminders.c.team_id == rows.c.team_id, reminders.c.id == occurrences.c.reminder_id))
        .join(teams, teams.c.id == rows.c.team_id)
        .outerjoin(users, users.c.id == rows.c.user_id)
        .outerjoin(addresses, addresses.c.id == rows.c.address_id)
    )


def _conditions(filters: DeliveryFilters) -> list[ColumnElement[bool]]:
    conditions = [deliveries.c.team_id == memberships.c.team_id]
    if filters.status:
        conditions.append(deliveries.c.status == filters.status)
    if filters.occurrence_id:
        conditions.append(deliveries.c.occurrence_id == filters.occurrence_id)
    if filters.reminder_id:
        of_this = (
            occurrences.c.team_id == deliveries.c.team_id,
            occurrences.c.id == deliveries.c.occurrence_id,
            occurrences.c.reminder_id == filters.reminder_id,
        )
        conditions.append(exists().where(*of_this))
    return conditions


async def deliveries_listed(
    work: Work, actor: Actor, filters: DeliveryFilters, page: PageRequest
) -> tuple[list[Shown], str | None]:
    """Return the deliveries of all teams of a person, newest first, each with its attempts."""
    belongs = actor.belongs
    if filters.team_id:
        belongs = and_(belongs, memberships.c.team_id == filters.team_id)
    statement, each = access.of_teams(select(deliveries).where(*_conditions(filters)), _NEWEST, page, belongs)
    rows, cursor = cut((await work.conn.execute(_beside(statement, each))).all(), _NEWEST, page)
    return await _with_attempts(work, rows), cursor


async def deliveries_of(
    work: Work, actor: Actor, occurrence_id: UUID, page: PageRequest
) -> tuple[list[Shown], str | None]:
    """Return the deliveries of one occurrence, newest first. Raises NotFound."""
    of = await occurrence(work, actor, occurrence_id)
    return await deliveries_listed(work, actor, DeliveryFilters(occurrence_id=of.id, team_id=of.team_id), page)


async def delivery(work: Work, actor: Actor, delivery_id: UUID) -> Shown:
    """Return one delivery with its attempts. Raises NotFound."""
    statement = _beside(access.mine(deliveries, actor), deliveries).where(deliveries.c.id == delivery_id)
    row = await access.found(work, statement, what="delivery")
    return (await _with_attempts(work, [row]))[0]


async def deliveries_by_id(work: Work, actor: Actor, team_id: UUID, ids: Sequence[UUID]) -> list[Shown]:
    """Return some deliveries of a team with their attempts, the oldest first."""
    statement = _beside(access.mine(deliveries, actor), deliveries).where(deliveries.c.id.in_(ids))
    ordered = statement.where(deliveries.c.team_id == team_id).order_by(deliveries.c.created_at, deliveries.c.id)
    return await _with_attempts(work, (await work.conn.execute(ordered)).all())


async def _with_attempts(work: Work, rows: Sequence[Row[Any]]) -> list[Shown]:
    if not rows:
        return []
    statement = (
        select(attempts.c.delivery_id, *_ATTEMPT)
        .where(
            attempts.c.team_id.in_({row.team_id for row in rows}), attempts.c.delivery_id.in_([row.id for row in rows])
        )
        .order_by(attempts.c.n)
    )
    made: dict[UUID, list[Shown]] = {}
    for delivery_id, *values in await work.conn.execute(statement):
        made.setdefault(delivery_id, []).append(dict(zip(AttemptRead.model_fields, values, strict=True)))
    return [_shown(row, made.get(row.id, [])) for row in rows]


def _shown(row: Row[Any], made: list[Shown]) -> Shown:
    if row.status == "sending":
        # The attempt itself is written when it is closed; its start stands on the delivery meanwhile.
        begun = {"n": row.attempt_count + 1, "started_at": row.started_at}
        made = [*made, {**begun, "outcome": None, "finished_at": None, "detail": None}]
    return {**_only(DeliveryRead, _delivery(row)), "attempts": made}


def _delivery(row: Row[Any]) -> Shown:
    """Return the columns of a delivery with what follows from them."""
    due: datetime = row.was_due_at
    late = row.delivered_at and round((row.delivered_at - due).total_seconds() * 1000)
    shown = {"due_at": due, "local": on_clock(due, row.clock).isoformat(), "timezone": row.clock, "lateness_ms": late}
    return {**row._asdict(), **shown, "delivery_id": row.id}


def _only(schema: type[BaseModel], shown: Shown) -> Shown:
    return {name: value for name, value in shown.items() if name in schema.model_fields}
