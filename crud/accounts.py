"""Accounts: people, each with a team of their own from the start."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, and_, bindparam, case, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from channels import registry
from channels.base import InvalidAddress
from core.errors import Conflict, Invalid
from core.ids import uuid7
from core.settings import Settings
from core.work import Work
from crud import addresses, recipients, versions
from crud.addresses import Owner
from crud.versions import Expected
from models import email_changes, memberships, teams, users
from schemas.accounts import UserUpdate


class EmailTaken(Conflict):
    """There is an account with this mail address already; sign in to it, or take another address."""

    code = "email_taken"


class InvalidEmail(Invalid):
    """A mail address is needed here."""

    code = "invalid_email"


def normal_email(email: str, settings: Settings) -> str:
    """Return a mail address as accounts are known by it: lower case, domain in ASCII; raises InvalidEmail."""
    try:
        return registry()["email"].normalize(email, settings).lower()
    except InvalidAddress as error:
        raise InvalidEmail(str(error), field="email") from error


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account that is to be made; the mail address is normal."""

    email: str
    name: str
    password_hash: str
    timezone: str | None = None
    locale: str | None = None
    verified_at: datetime | None = None
    is_operator: bool = False


async def make(work: Work, settings: Settings, newcomer: Newcomer) -> UUID:
    """Make an account with its personal team and its first address, and return its id; raises EmailTaken."""
    user_id, team_id, zone = uuid7(), uuid7(), newcomer.timezone
    person = {"id": user_id, "email": newcomer.email, "name": newcomer.name, "password_hash": newcomer.password_hash}
    more: dict[str, Any] = {"timezone": zone, "locale": newcomer.locale}
    more |= {"email_verified_at": newcomer.verified_at, "is_operator": newcomer.is_operator}
    made = upsert(users).values(**person, **more).on_conflict_do_nothing()
    if (await work.conn.execute(made.returning(users.c.id))).one_or_none() is None:
        raise EmailTaken(field="email")
    team = {"id": team_id, "name": newcomer.name, "personal_of": user_id} | ({"timezone": zone} if zone else {})
    await work.conn.execute(insert(teams).values(team))
    await work.conn.execute(insert(memberships).values(team_id=team_id, user_id=user_id, role="owner"))
    owner = Owner(user_id=user_id)
    await addresses.add(work, settings, owner, "email", newcomer.email, verified_at=newcomer.verified_at)
    return user_id


_moving = email_changes.c
_MOVING = (
    *("email", _moving.new_email),
    *("confirmed_by_old", _moving.old_confirmed_at.is_not(None)),
    *("confirmed_by_new", _moving.new_confirmed_at.is_not(None)),
    *("expires_at", _moving.expires_at),
)
# Built once: composing it costs more than running it.
_READ = (
    select(
        users,
        users.c.email_verified_at.is_not(None).label("email_verified"),
        teams.c.id.label("personal_team_id"),
        case((_moving.id.is_not(None), func.jsonb_build_object(*_MOVING, type_=JSONB))).label("email_change"),
    )
    .join(teams, teams.c.personal_of == users.c.id)
    .outerjoin(email_changes, and_(_moving.user_id == users.c.id, _moving.expires_at > func.now()))
    .where(users.c.id == bindparam("user", type_=Uuid))
)


async def get(work: Work, user_id: UUID) -> Row[Any]:
    """Return an account with `email_verified`, `personal_team_id` and the `email_change` that waits, if any."""
    row: Row[Any] = (await work.conn.execute(_READ, {"user": user_id})).one()
    return row


# Not against foreign keys: those who wait for this row may hold a reminder that a change of zone has to wait for.
_LOCKED = select(users.c.version).where(users.c.id == bindparam("user", type_=Uuid)).with_for_update(key_share=True)
_TEAMS = select(memberships.c.team_id).where(memberships.c.user_id == bindparam("user", type_=Uuid))


async def change(work: Work, user_id: UUID, body: UserUpdate, expected: Expected) -> Row[Any]:
    """Change an account and return it; into a new zone the personal team and all that waits follow.

    Raises VersionConflict.
    """
    locked = await work.conn.execute(_LOCKED, {"user": user_id})
    versions.check(locked.scalar_one(), expected)
    values = body.model_dump(exclude_unset=True)
    if values:
        changed = update(users).where(users.c.id == user_id)
        await work.conn.execute(changed.values(**values, version=users.c.version + 1, updated_at=work.now))
    if body.timezone:
        # The personal team is the person: what is planned there goes by their clock, as a preview does.
        own = update(teams).where(teams.c.personal_of == user_id, teams.c.timezone != body.timezone)
        moved = own.values(timezone=body.timezone, version=teams.c.version + 1, updated_at=work.now)
        await work.conn.execute(moved)
    if "timezone" in values:
        theirs = (await work.conn.execute(_TEAMS, {"user": user_id})).scalars().all()
        await recipients.clocks_changed(work, theirs, user_id=user_id)
    return await get(work, user_id)
