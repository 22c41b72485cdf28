"""The audit log: what was noted during a piece of work is written with it or not at all, and read by admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, select

from core.ids import first_uuid7
from core.work import Work
from crud import access
from crud.access import Actor
from crud.pages import PageRequest, Sort, cut, paginate
from models import api_keys, audit_log, users

# The names of fields go as one text, because arrays of arrays must be rectangular.
_WRITE = """
insert into audit_log (user_id, key_id, request_id, team_id, action, object_type, object_id, fields, result)
select coalesce($1, n.user_id), $2, $3, n.team_id, n.action, n.object_type, n.object_id,
       string_to_array(n.fields, ','), n.result
  from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[])
       with ordinality as n (user_id, team_id, action, object_type, object_id, fields, result, place)
 order by n.place
"""
# Ids grow with time, so the oldest stand first in the index that is there anyway.
_FORGET = """
delete from audit_log where id in (select id from audit_log where id < $1 order by id limit $2)
"""
_NEWEST: Final = Sort(audit_log.c.created_at, audit_log.c.id, descending=True)


async def write(work: Work) -> None:
    """Write what was noted, in one statement; doors call it right before they commit."""
    if not work.notes:
        return
    who = work.who
    about = [
        (note.user_id, note.team_id, note.action, note.object_type, note.object_id, ",".join(note.fields), note.result)
        for note in work.notes
    ]
    columns = [list(column) for column in zip(*about, strict=True)]
    await work.conn.exec_driver_sql(_WRITE, (who.user_id, who.key_id, who.request_id, *columns))
    work.notes.clear()


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which lines a reader wants; None does not filter."""

    actor: UUID | None = None
    action: str | None = None
    object_id: UUID | None = None
    since: datetime | None = None
    """From this instant on."""
    until: datetime | None = None
    """Up to, and without, this instant."""


async def listed(
    work: Work, actor: Actor, team_id: UUID, filters: AuditFilters, page: PageRequest
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return what was done in a team, the latest first, with the names that people have now.

    Raises NotFound, RoleTooLow.
    """
    await access.member(work, actor, team_id, "admin")
    statement = paginate(_filtered(_shown().where(audit_log.c.team_id == team_id), filters), _NEWEST, page)
    return cut((await work.conn.execute(statement)).all(), _NEWEST, page)


def _shown() -> Select[Any]:
    # Whoever is erased has no name any more, and what nobody signed in for has no person.
    return (
        select(audit_log, users.c.name.label("user_name"), api_keys.c.public_id.label("key_public_id"))
        .outerjoin(users, (users.c.id == audit_log.c.user_id) & (users.c.status != "erased"))
        .outerjoin(api_keys, (api_keys.c.team_id == audit_log.c.team_id) & (api_keys.c.id == audit_log.c.key_id))
    )


def _filtered(statement: Select[Any], filters: AuditFilters) -> Select[Any]:
    for column, value in (
        (audit_log.c.user_id, filters.actor),
        (audit_log.c.action, filters.action),
        (audit_log.c.object_id, filters.object_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.since is not None:
        statement = statement.where(audit_log.c.created_at >= filters.since)
    if filters.until is not None:
        statement = statement.where(audit_log.c.created_at < filters.until)
    return statement


async def forget_old(work: Work, kept: timedelta, limit: int) -> int:
    """Remove up to `limit` lines that are older than is kept, the oldest first; return how many.

    A trigger refuses to remove anything younger than 90 days.
    """
    return (await work.conn.exec_driver_sql(_FORGET, (first_uuid7(work.now - kept), limit))).rowcount
