"""Accounts: people, each with a team of their own from the start."""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, Uuid, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from channels import registry
from channels.base import InvalidAddress
from core import passwords
from core.errors import Conflict, Invalid
from core.ids import uuid7
from core.settings import Settings
from core.work import Work
from crud import addresses, recipients, versions
from crud.versions import Expected
from models import memberships, teams, users
from schemas.accounts import UserCreate, UserUpdate

log = structlog.get_logger()


class EmailTaken(Conflict):
    """There is an account with this mail address; sign in instead."""

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


async def register(work: Work, settings: Settings, body: UserCreate) -> Row[Any]:
    """Make an account with its personal team and its first address, and return it as `get` does."""
    email = normal_email(body.email, settings)
    passwords.refuse_common(body.password)
    hashed = await passwords.hashed(body.password)
    user_id, team_id = uuid7(), uuid7()
    verified_at = None if settings.verifies_email else work.now
    person = {"id": user_id, "email": email, "name": body.name, "password_hash": hashed, "timezone": body.timezone}
    made = upsert(users).values(**person, email_verified_at=verified_at).on_conflict_do_nothing()
    if (await work.conn.execute(made.returning(users.c.id))).one_or_none() is None:
        raise EmailTaken(field="email")
    zone = {"timezone": body.timezone} if body.timezone else {}
    await work.conn.execute(insert(teams).values(id=team_id, name=body.name, personal_of=user_id, **zone))
    await work.conn.execute(insert(memberships).values(team_id=team_id, user_id=user_id, role="owner"))
    await addresses.add(work, settings, addresses.Owner(user_id=user_id), "email", email, verified_at=verified_at)
    log.info("user.registered", user_id=str(user_id))
    return await get(work, user_id)


# Built once: composing it costs more than running it.
_READ = (
    select(
        users,
        users.c.email_verified_at.is_not(None).label("email_verified"),
        teams.c.id.label("personal_team_id"),
    )
    .join(teams, teams.c.personal_of == users.c.id)
    .where(users.c.id == bindparam("user", type_=Uuid))
)


async def get(work: Work, user_id: UUID) -> Row[Any]:
    """Return an account with `email_verified` and `personal_team_id`."""
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
