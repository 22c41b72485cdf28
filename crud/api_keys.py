"""API keys of a team: made and seen by its admins, shown once, and ended at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select, update

from core import api_keys as texts
from core.clock import ceil_second
from core.errors import Invalid
from core.settings import Settings
from core.work import Work
from crud import access, quotas, versions
from crud.access import Actor
from crud.pages import PageRequest, Sort, cut, paginate
from crud.principals import CEILINGS
from crud.versions import Expected
from models import api_keys, memberships
from schemas.api_keys import ApiKeyCreate
from schemas.teams import Role

USUALLY: Final = timedelta(days=90)
AT_MOST: Final = timedelta(days=366)
MAY_MANAGE: Final[Role] = "admin"
VERSION: Final = 1
"""Nothing about a key can be changed, so its version stays what it was."""
_NEWEST: Final = Sort(api_keys.c.created_at, api_keys.c.id, descending=True)


class ExpiryTooFar(Invalid):
    """An API key lives 366 days at most; make a new one in time, and then revoke the old one."""

    code = "expiry_too_far"


async def create(
    work: Work, settings: Settings, actor: Actor, team_id: UUID, wanted: ApiKeyCreate
) -> tuple[Row[Any], str]:
    """Make a key, and return its row and its text, which is stored nowhere.

    Raises NotFound, RoleTooLow, Invalid, ExpiryTooFar, QuotaReached.
    """
    role = (await access.member(work, actor, team_id, MAY_MANAGE)).my_role
    access.demand(role, CEILINGS[wanted.scope])
    expires_at = _expiry(work, wanted.expires_at)
    text, claims = texts.made(settings)
    values = {"public_id": claims.public_id, "secret_hash": claims.secret_hash, "created_by": actor.user_id}
    values |= {"team_id": team_id, "name": wanted.name, "scope": wanted.scope, "expires_at": expires_at}
    row = (await work.conn.execute(api_keys.insert().values(values).returning(api_keys))).one()
    await quotas.check(work, "api_keys", team_id)
    work.note("api_key.created", team_id=team_id, object_type="api_key", object_id=row.id)
    return row, text


def _expiry(work: Work, wanted: datetime | None) -> datetime:
    if wanted is None:
        return ceil_second(work.now + USUALLY)
    if wanted <= work.now:
        message = "choose an instant that is still to come"
        raise Invalid(message, field="expires_at", code="in_the_past")
    if wanted > work.now + AT_MOST:
        raise ExpiryTooFar(field="expires_at")
    return wanted


def _in_force(work: Work) -> ColumnElement[bool]:
    """The condition for keys that work: those of somebody who has left are over, and nobody need see them."""
    # Under another name, because whoever asks is found by their membership too.
    maker = memberships.alias("maker")
    belongs = exists().where(maker.c.team_id == api_keys.c.team_id, maker.c.user_id == api_keys.c.created_by)
    unexpired = or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > work.now)
    return and_(api_keys.c.revoked_at.is_(None), unexpired, belongs)


async def listed(work: Work, actor: Actor, team_id: UUID, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the keys of a team that are in force, the newest first. Raises NotFound, RoleTooLow."""
    await access.member(work, actor, team_id, MAY_MANAGE)
    statement = select(api_keys).where(api_keys.c.team_id == team_id, _in_force(work))
    return cut((await work.conn.execute(paginate(statement, _NEWEST, page))).all(), _NEWEST, page)


async def get(work: Work, actor: Actor, team_id: UUID, key_id: UUID) -> Row[Any]:
    """Return one key that is in force. Raises NotFound, RoleTooLow."""
    which = (api_keys.c.team_id == team_id, api_keys.c.id == key_id, _in_force(work))
    return await access.found(work, access.mine(api_keys, actor).where(*which), what="API key", at_least=MAY_MANAGE)


async def revoke(work: Work, actor: Actor, team_id: UUID, key_id: UUID, *, expected: Expected) -> None:
    """End a key at once. Raises NotFound, RoleTooLow, VersionConflict."""
    await get(work, actor, team_id, key_id)
    versions.check(VERSION, expected)
    which = (api_keys.c.team_id == team_id, api_keys.c.id == key_id)
    await work.conn.execute(update(api_keys).where(*which).values(revoked_at=work.now))
    work.note("api_key.revoked", team_id=team_id, object_type="api_key", object_id=key_id)
