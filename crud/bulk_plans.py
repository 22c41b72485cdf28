"""What many new reminders will be, worked out without a database; whatever is wrong with any is found at once."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn, TypeVar
from uuid import UUID

from core.clock import iso
from core.errors import DomainError, Invalid, ItemProblem
from crud import audiences, holidays, recipients
from crud.recipients import Zones
from crud.reminders import GIVEN, values_of
from schedules import plan
from schedules.base import Stored
from schedules.everywhere import is_everybodys
from schemas.reminders import ReminderCreate

Key = tuple[object, object, object]
# Of processor time; five hundred ordinary schedules take a tenth of a second.
MOST_SECONDS: Final = 3.0

T = TypeVar("T")


class TooMuchToPlan(Invalid):
    """These schedules take too long to plan together; send fewer at once."""

    code = "too_much_to_plan"


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder that is to be written."""

    position: int
    id: UUID
    key: Key
    """The natural key; where it has none, something that no other one has."""
    schedule: Stored
    values: Mapping[str, Any]

    @property
    def is_local(self) -> bool:
        """Whether it is on everybody's own clock."""
        return is_everybodys(self.schedule)


def refuse(found: Sequence[ItemProblem]) -> NoReturn:
    """Refuse everything because of these; several of one kind are that kind. Raises Invalid."""
    code = found[0].code if len({each.code for each in found}) == 1 else "invalid"
    refusal = Invalid(f"{found[0].field}: {found[0].message}", code=code)
    refusal.items = found
    raise refusal


def _each(wanted: Iterable[tuple[int, T]], judge: Callable[[int, T], Any]) -> list[Any]:
    """Return what `judge` makes of each, or refuse all with what it says of some."""
    made, found = [], []
    for position, one in wanted:
        try:
            made.append(judge(position, one))
        except TooMuchToPlan:
            raise
        except Invalid as error:
            found.append(_problem(position, error))
    if found:
        refuse(found)
    return made


def _problem(position: int, error: DomainError) -> ItemProblem:
    field = f"reminders.{position}.{error.field}" if error.field else f"reminders.{position}"
    return ItemProblem(field, error.detail, error.reason)


def check_lists(wanted: Sequence[ReminderCreate]) -> None:
    """Refuse audiences with a list that their kind needs and lacks, or that it would ignore; raises Invalid."""
    _each(enumerate(wanted), lambda _, one: audiences.check_lists(one.audience))


def unknown(wanted: Sequence[ReminderCreate], absent: set[tuple[str, UUID]]) -> list[ItemProblem]:
    """Return whose audience names whom that is not there."""
    return [
        _problem(position, audiences.unknown(field, row_id))
        for position, one in enumerate(wanted)
        for field in ("users", "addresses")
        for row_id in getattr(one.audience, field)
        if (field, row_id) in absent
    ]


def plan_all(
    wanted: Sequence[ReminderCreate],
    *,
    now: datetime,
    team_zone: str,
    own_zone: str | None,
    days_off: Mapping[UUID, list[str] | None],
) -> list[Planned]:
    """Return what to write; raises Invalid with what is wrong with each, and TooMuchToPlan.

    `days_off` are the dates of the team calendars that are named. Zones hold where schedules name none.
    """
    began = time.thread_time()

    def planned(position: int, one: ReminderCreate) -> Planned:
        if time.thread_time() - began > MOST_SECONDS:
            raise TooMuchToPlan
        by_the_wall = one.schedule.kind == "cron" and one.schedule.timezone is None
        zone = team_zone if by_the_wall else own_zone or "UTC"
        calendar = holidays.calendar_of(one.schedule)
        dates = days_off[calendar] if calendar else None
        stored = plan.save(one.schedule.spec(), now=now, timezone=zone, holiday_dates=dates)
        first = None if is_everybodys(stored) else plan.load(stored).first(now)
        values = dict(zip(GIVEN, values_of(one, stored, first.at if first else None), strict=True))
        key = (one.entity_type, one.entity_id, one.event_type)
        shown = {name: _plain(value) for name, value in values.items()} | {"schedule": stored}
        return Planned(position, values["id"], (str(position), "", "") if None in key else key, stored, shown)

    return _each(enumerate(wanted), planned)


def _plain(value: object) -> object:
    """Return a value as JSON holds it, and PostgreSQL reads it from there."""
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return iso(value)
    return str(value) if isinstance(value, UUID) else value


def begin_all(plans: Sequence[Planned], zones: Zones, now: datetime) -> list[tuple[Any, ...]]:
    """Return ids and the columns of what comes next on everybody's own clock; raises Invalid with what is wrong."""

    def begun(_: int, one: Planned) -> tuple[Any, ...]:
        coming = recipients.begins(one.schedule, zones[one.id], now)
        return (one.id, *recipients.values(coming).values())

    return _each(((each.position, each) for each in plans), begun)
