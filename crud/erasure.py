"""Erasure: of a person nothing is left but an id that others may refer to, and what belongs to their teams."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, and_, delete, exists, func, select, update

from core import passwords, tokens
from core.errors import Conflict
from core.settings import Settings
from core.work import Work
from crud import deactivation, leavers, letters, team_ends, versions
from crud.versions import Expected
from models import (
    addresses,
    api_keys,
    email_changes,
    former_memberships,
    idempotency_keys,
    invitations,
    memberships,
    occurrences,
    sessions,
    teams,
    totp,
    users,
)
from models import letters as letters_table

log = structlog.get_logger()

LETTER: Final = "account_erased"
# No mail address is written like this, so that nobody signs in or is invited as somebody who is gone.
_NOBODY: Final = "ERASED {}"
NAME: Final = "(erased)"
# Rows of the personal team that are removed while the person waits; tidying does the rest.
AT_ONCE: Final = 1_000
ROUNDS: Final = 5


class SoleOwner(Conflict):
    """You are the only owner of teams with other members; hand them to somebody, or delete them."""

    code = "sole_owner"


async def erase(work: Work, settings: Settings, user_id: UUID, expected: Expected) -> None:
    """Erase somebody: they are out at once, nothing more is sent to them, and what was theirs alone is removed.

    What they wrote in teams with others stays there, without their name. Raises VersionConflict, SoleOwner.
    """
    person = await _locked(work, user_id)
    versions.check(person.version, expected)
    await _may_go(work, person)
    await _forgo(work, user_id)
    # Before all is cancelled, because it asks others about what waits for them.
    await leavers.leaves_all(work, settings, user_id)
    await deactivation.silence(work, user_id, "erased")
    personal = (await work.conn.execute(select(teams.c.id).where(teams.c.personal_of == user_id))).scalar_one()
    await team_ends.end(work, personal, timedelta())
    await _wipe(work, person)
    for _ in range(ROUNDS):
        if not await team_ends.purge(work, AT_ONCE):
            break
    await letters.write(work, settings, LETTER, person.email, user_id=user_id)
    work.note("account.erased", object_type="user", object_id=user_id)
    log.info("user.erased", user_id=str(user_id), operator=person.is_operator)


async def _locked(work: Work, user_id: UUID) -> Row[Any]:
    return (await work.conn.execute(select(users).where(users.c.id == user_id).with_for_update(key_share=True))).one()


async def _may_go(work: Work, person: Row[Any]) -> None:
    mine, theirs = memberships.alias("mine"), memberships.alias("theirs")
    owned = (
        select(teams.c.name, teams.c.id)
        .join(mine, and_(mine.c.team_id == teams.c.id, mine.c.user_id == person.id, mine.c.role == "owner"))
        .where(teams.c.deleted_at.is_(None), teams.c.personal_of.is_(None))
    )
    another = and_(theirs.c.team_id == teams.c.id, theirs.c.user_id != person.id)
    alone = owned.where(exists().where(another), ~exists().where(another, theirs.c.role == "owner"))
    held = alone.order_by(teams.c.id).with_for_update(of=teams, key_share=True)
    names = sorted(row.name for row in await work.conn.execute(held))
    if names:
        message = (
            f"you are the only owner of: {', '.join(names)}; hand each to somebody, or delete it, then repeat this"
        )
        raise SoleOwner(message)


async def _forgo(work: Work, user_id: UUID) -> None:
    """Let deleted teams that nobody else could restore be removed now."""
    mine, theirs = former_memberships.alias("mine"), former_memberships.alias("theirs")
    own = exists().where(mine.c.team_id == teams.c.id, mine.c.user_id == user_id)
    others = exists().where(theirs.c.team_id == teams.c.id, theirs.c.user_id != user_id)
    await work.conn.execute(
        update(teams).where(teams.c.deleted_at.is_not(None), own, ~others).values(purge_at=work.now)
    )


async def _wipe(work: Work, person: Row[Any]) -> None:
    mine, table = person.id, addresses.c
    gone = {"deleted_at": func.coalesce(table.deleted_at, work.now), "version": table.version + 1}
    emptied = {"sealed_value": "", "value_hash": b"", "shown_value": "", "label": None}
    for statement in (
        # Deliveries refer to the rows, which now say nothing.
        update(addresses).where(table.user_id == mine).values(**gone, **emptied),
        update(occurrences)
        .where(occurrences.c.acknowledged_by == mine, occurrences.c.acknowledge_note.is_not(None))
        .values(acknowledge_note=None),
        delete(invitations).where(invitations.c.email == person.email),
        delete(sessions).where(sessions.c.user_id == mine),
        delete(api_keys).where(api_keys.c.created_by == mine),
        delete(totp).where(totp.c.user_id == mine),
        delete(email_changes).where(email_changes.c.user_id == mine),
        delete(letters_table).where(letters_table.c.user_id == mine),
        delete(idempotency_keys).where(idempotency_keys.c.user_id == mine),
        update(teams).where(teams.c.personal_of == mine).values(name=NAME),
        update(users).where(users.c.id == mine).values(await _nobody(work, mine)),
    ):
        await work.conn.execute(statement)


async def _nobody(work: Work, user_id: UUID) -> dict[str, object]:
    """Return what is left of an account; the language stays for the last letter, and names nobody."""
    return {
        "email": _NOBODY.format(user_id),
        "name": NAME,
        "password_hash": await passwords.hashed(tokens.opaque()),
        "timezone": None,
        "preferred_channels": [],
        "status": "erased",
        "is_operator": False,
        "email_verified_at": None,
        "token_version": users.c.token_version + 1,
        "version": users.c.version + 1,
        "updated_at": work.now,
    }
