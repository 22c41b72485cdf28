"""Audiences: everybody and everything that a reminder names must exist and belong to its team."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, exists, func, literal, or_, select

from core.errors import Invalid
from core.work import Work
from crud.access import Actor
from models import addresses, memberships
from schemas.reminders import Audience

# Which list a kind is about; the others would be ignored, and nothing that was sent is ignored.
LISTS: Final = {"users": "users", "roles": "roles", "addresses": "addresses"}


class UnknownRecipient(Invalid):
    """The audience names somebody who is not there."""

    code = "unknown_recipient"


def check_lists(audience: Audience) -> None:
    """Refuse a list that the kind needs and lacks, or that it would ignore; raises Invalid."""
    needed = LISTS.get(audience.kind)
    if needed and not getattr(audience, needed):
        message = f"an audience of {audience.kind} names at least one of them here"
        raise Invalid(message, field=f"audience.{needed}", code="missing")
    for name in ("users", "roles"):
        if getattr(audience, name) and needed != name:
            message = f"leave this empty, or choose the audience kind {name}"
            raise Invalid(message, field=f"audience.{name}", code="unused")


_users = select(func.unnest(bindparam("users", type_=ARRAY(Uuid))).label("id")).subquery("wanted_users")
_addresses = select(func.unnest(bindparam("addresses", type_=ARRAY(Uuid))).label("id")).subquery("wanted_addresses")
_team = bindparam("team_id", type_=Uuid)
_me = bindparam("me", type_=Uuid)
_MISSING = (
    select(literal("users").label("field"), _users.c.id)
    .where(~exists().where(memberships.c.team_id == _team, memberships.c.user_id == _users.c.id))
    .union_all(
        select(literal("addresses"), _addresses.c.id).where(
            ~exists().where(
                addresses.c.id == _addresses.c.id,
                addresses.c.deleted_at.is_(None),
                or_(addresses.c.team_id == _team, addresses.c.user_id == _me),
            )
        )
    )
)


async def check(
    work: Work, actor: Actor, team_id: UUID, audience: Audience, *, standing: Collection[UUID] = ()
) -> None:
    """Refuse an audience that names people outside the team, or addresses of neither team nor author.

    Addresses in `standing` are named already, perhaps by their owner, and may stay. Raises UnknownRecipient
    with the field. Costs no statement when nobody is named.
    """
    check_lists(audience)
    named = [address for address in audience.addresses if address not in standing]
    if not audience.users and not named:
        return
    if absent := await missing(work, actor, team_id, audience.users, named):
        raise unknown(*min(absent))


async def missing(
    work: Work, actor: Actor, team_id: UUID, users: Collection[UUID], named: Collection[UUID]
) -> set[tuple[str, UUID]]:
    """Return which `users` are not members of the team, and which `addresses` neither the team's nor the author's."""
    wanted = {"users": list(users), "addresses": list(named), "team_id": team_id, "me": actor.user_id}
    return {(row.field, row.id) for row in await work.conn.execute(_MISSING, wanted)}


def unknown(field: str, row_id: UUID) -> UnknownRecipient:
    """Return what is said of somebody in `users`, or something in `addresses`, that is not there."""
    means = "a member of the team" if field == "users" else "an address of the team or of yours"
    message = f"{row_id} is not {means}; name one that is, or leave it out"
    return UnknownRecipient(message, field=f"audience.{field}")
