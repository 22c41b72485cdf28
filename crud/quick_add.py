"""Reminders in one sentence: the people and channels that it mentions, found in its team."""

import asyncio
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, func, literal, or_, select

from core.errors import Invalid
from core.work import Work
from crud import access, holidays, reminders
from crud.access import Actor
from crud.audiences import UnknownRecipient
from crud.reminders import Created
from models import addresses, memberships, users
from schedules.words.parse import Parsed, planned, understand
from schemas.reminders import Audience, ReminderCreate
from schemas.schedule import ScheduleIn

ME: Final = "me"
TEAM: Final = "the team"
_MOST_SHOWN: Final = 5
_local_part = func.split_part(users.c.email, "@", 1)
_shown = users.c.name + literal(" (@") + _local_part + literal(")")
_SCHEDULE: Final[TypeAdapter[ScheduleIn]] = TypeAdapter(ScheduleIn)


class NoMessage(Invalid):
    """Say what the reminder is about, not only when."""

    code = "no_message"


class AmbiguousRecipient(Invalid):
    """Several people or channels have this name."""

    code = "ambiguous_recipient"


def scheduled(spec: dict[str, object]) -> ScheduleIn:
    """Return a schedule that was read from a sentence as if it had come over the wire."""
    return _SCHEDULE.validate_python(spec)


async def create(
    work: Work, actor: Actor, team_id: UUID, text: str, *, timezone: str | None, locale: str | None
) -> tuple[Created, Parsed]:
    """Understand a sentence and create its reminder; `timezone` None is that of the team.

    Raises NotFound, RoleTooLow, NoMessage, UnknownRecipient, AmbiguousRecipient, ScheduleError and what
    `schedules.words.parse` raises.
    """
    team = await access.member(work, actor, team_id, "member")
    zone = timezone or str(team.timezone)
    # Long sentences take a tenth of a second; others are served meanwhile.
    found = await asyncio.to_thread(understand, text, zone, work.now)
    schedule = scheduled(found.spec)
    days_off = await holidays.dates_for(work, actor, schedule, team_id)
    parsed = planned(found, zone, work.now, locale=locale, holiday_dates=days_off)
    if not parsed.message:
        raise NoMessage(field="text")
    audience = await _audience(work, actor, team, parsed.mentions)
    wanted = ReminderCreate(message=parsed.message, schedule=schedule, audience=audience)
    return await reminders.create(work, actor, team_id, wanted, own_zone=zone), parsed


async def _audience(work: Work, actor: Actor, team: Row[tuple[object, ...]], mentions: tuple[str, ...]) -> Audience:
    """Resolve mentions; nobody named means the whole team, which is oneself in the personal one."""
    if not mentions:
        return Audience(kind="creator" if team.personal_of else "team")
    people: list[UUID] = []
    channels: list[UUID] = []
    for mention in mentions:
        if mention == ME:
            people.append(actor.user_id)
        elif mention != TEAM and mention.lower() != str(team.name).lower():
            kind, found = await _named(work, team.id, mention)
            (people if kind == "user" else channels).append(found)
    if len(people) + len(channels) < len(mentions):
        return Audience(kind="team", addresses=channels)
    return Audience(kind="users" if people else "addresses", users=people, addresses=channels)


async def _named(work: Work, team_id: UUID, mention: str) -> tuple[str, UUID]:
    """Find the one member (`@name`) or address of the team (`#channel`) of a name; a bare name may be either."""
    name = mention.removeprefix("@").removeprefix("#").lower()
    found: list[Row[tuple[str, UUID, str]]] = []
    if not mention.startswith("#"):
        found += await _people(work, team_id, name)
    if not mention.startswith("@") and not found:
        found += await _channels(work, team_id, name)
    if not found:
        message = f"nobody in the team is called “{mention}”; write a member's name, or a label of the team's addresses"
        raise UnknownRecipient(message, field="text")
    if len(found) > 1:
        names = ", ".join(row.shown for row in found)
        message = f"“{mention}” may be {names}; write more of the name"
        raise AmbiguousRecipient(message, field="text")
    return found[0].kind, found[0].id


async def _people(work: Work, team_id: UUID, name: str) -> list[Row[tuple[str, UUID, str]]]:
    """Find members by full name (blanks may be left out or joined), the local part of their mail, or first name."""
    lower = func.lower(users.c.name)
    joined = func.replace(lower, " ", "")
    exact = or_(
        lower == name,
        joined == name.replace(".", "").replace("_", "").replace("-", ""),
        _local_part == name,
    )
    statement = (
        select(literal("user").label("kind"), users.c.id, _shown.label("shown"))
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.team_id == team_id, users.c.status == "active")
        .order_by(users.c.id)
        .limit(_MOST_SHOWN)
    )
    found = (await work.conn.execute(statement.where(exact))).all()
    # Somebody called just Ada comes before an Ada Lovelace.
    return list(found or (await work.conn.execute(statement.where(func.split_part(lower, " ", 1) == name))).all())


async def _channels(work: Work, team_id: UUID, name: str) -> list[Row[tuple[str, UUID, str]]]:
    """Find addresses of the team by label or by what is shown of their value, with or without `#`."""
    names = (name, f"#{name}")
    statement = (
        select(literal("address").label("kind"), addresses.c.id, addresses.c.shown_value.label("shown"))
        .where(addresses.c.team_id == team_id, addresses.c.deleted_at.is_(None))
        .where(or_(func.lower(addresses.c.label).in_(names), func.lower(addresses.c.shown_value).in_(names)))
        .order_by(addresses.c.id)
        .limit(_MOST_SHOWN)
    )
    return list((await work.conn.execute(statement)).all())
