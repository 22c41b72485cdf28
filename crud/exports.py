"""Everything that is kept about a person, in sections of plain rows, read window by window.

Of what belongs to teams it gives what concerns them in the teams that they are in now: what a team wrote after they
left is not theirs to read. Secrets, hashes of secrets and the values of secret addresses are left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Table, any_, exists, or_, select, tuple_

from core.work import Work
from models import (
    addresses,
    api_keys,
    audit_log,
    deliveries,
    email_changes,
    former_memberships,
    invitations,
    letters,
    memberships,
    occurrences,
    recovery_codes,
    reminders,
    sessions,
    teams,
    totp,
    users,
)

WINDOW: Final = 2_000
"""Rows that one statement looks at, so that none of them takes long however much a team has."""

Position = tuple[Any, ...]
"""The key of the last row that was looked at."""


@dataclass(frozen=True)
class Section:
    """Rows of one table: those that an index finds (`within`), and of these what is the person's own (`own`)."""

    name: str
    table: Table
    within: Callable[[UUID], ColumnElement[bool]]
    columns: Sequence[ColumnElement[Any]]
    own: Callable[[UUID], ColumnElement[bool]] | None = None
    key: Sequence[Column[Any]] = ()

    @property
    def order(self) -> Sequence[Column[Any]]:
        """By what the windows follow each other."""
        return self.key or tuple(self.table.primary_key.columns)


def _of(column: Column[Any]) -> Callable[[UUID], ColumnElement[bool]]:
    return lambda user_id: column == user_id


def _in_my_teams(table: Table) -> Callable[[UUID], ColumnElement[bool]]:
    def within(user_id: UUID) -> ColumnElement[bool]:
        mine = select(memberships.c.team_id).join(teams, teams.c.id == memberships.c.team_id)
        return table.c.team_id.in_(mine.where(memberships.c.user_id == user_id, teams.c.deleted_at.is_(None)))

    return within


def _team_name(table: Table) -> ColumnElement[Any]:
    return select(teams.c.name).where(teams.c.id == table.c.team_id).scalar_subquery().label("team")


def _inviting_team(reader: ColumnElement[bool]) -> ColumnElement[Any]:
    # What a team is called now is told to its members, and to those whom it still invites.
    member = exists().where(memberships.c.team_id == teams.c.id, memberships.c.user_id == users.c.id, reader)
    open_to = or_(invitations.c.status == "pending", member.correlate(teams, invitations))
    return select(teams.c.name).where(teams.c.id == invitations.c.team_id, open_to).scalar_subquery().label("team")


def _to_me(user_id: UUID) -> ColumnElement[bool]:
    # Whoever has only typed somebody's mail address into a form is not who was invited.
    proven = users.c.email_verified_at.is_not(None)
    mine = select(users.c.email).where(users.c.id == user_id, proven).scalar_subquery()
    return invitations.c.email == mine


def _all_but(table: Table, *names: str) -> list[ColumnElement[Any]]:
    return [column for column in table.c if column.name not in names]


def _account() -> list[ColumnElement[Any]]:
    return _all_but(users, "password_hash", "token_version", "version")


_ADDRESS = [addresses.c.shown_value.label("value"), *_all_but(addresses, "sealed_value", "value_hash", "shown_value")]
_INVITATION = _all_but(invitations, "version")
_RECEIVED = [*_INVITATION, _inviting_team(users.c.email == invitations.c.email)]
_SENT = [*_INVITATION, _inviting_team(users.c.id == invitations.c.invited_by)]
_DELIVERY = _all_but(deliveries, "lease_token", "lease_until", "deaths", "version")

SECTIONS: Final = (
    Section("account", users, _of(users.c.id), _account()),
    Section("addresses", addresses, _of(addresses.c.user_id), _ADDRESS),
    Section("email_changes", email_changes, _of(email_changes.c.user_id), _all_but(email_changes)),
    Section("second_factor", totp, _of(totp.c.user_id), [totp.c.created_at, totp.c.confirmed_at]),
    Section(
        "recovery_codes",
        recovery_codes,
        _of(recovery_codes.c.user_id),
        [recovery_codes.c.created_at, recovery_codes.c.used_at],
    ),
    Section("sessions", sessions, _of(sessions.c.user_id), _all_but(sessions)),
    Section("api_keys", api_keys, _of(api_keys.c.created_by), _all_but(api_keys, "secret_hash")),
    Section("memberships", memberships, _of(memberships.c.user_id), [*_all_but(memberships), _team_name(memberships)]),
    Section(
        "former_memberships",
        former_memberships,
        _of(former_memberships.c.user_id),
        [*_all_but(former_memberships), _team_name(former_memberships)],
    ),
    Section("invitations_received", invitations, _to_me, _RECEIVED),
    Section("invitations_sent", invitations, _of(invitations.c.invited_by), _SENT),
    Section(
        "reminders",
        reminders,
        _in_my_teams(reminders),
        _all_but(reminders, "version"),
        lambda user_id: or_(reminders.c.created_by == user_id, any_(reminders.c.audience_user_ids) == user_id),
    ),
    Section(
        "acknowledgements",
        occurrences,
        _in_my_teams(occurrences),
        _all_but(occurrences, "version"),
        _of(occurrences.c.acknowledged_by),
    ),
    Section("deliveries", deliveries, _in_my_teams(deliveries), _DELIVERY, _of(deliveries.c.user_id)),
    Section("letters", letters, _of(letters.c.user_id), _all_but(letters, "sealed_to", "lease_token", "deaths")),
    Section(
        "audit",
        audit_log,
        _of(audit_log.c.user_id),
        _all_but(audit_log),
        key=(audit_log.c.created_at, audit_log.c.id),
    ),
)

LEFT_OUT: Final = {
    "teams": "the memberships name them",
    "idempotency_keys": "sealed copies of answers that were given, for a day",
    "proofs": "hashes of the secrets in mailed links, until they expire",
    "refresh_tokens": "hashes of secrets; the sessions are there",
    "attempts": "how often and why a delivery was tried again; the delivery says how it ended",
    "opt_outs": "hashes of mailboxes, which belong to no account; the addresses say what holds for them",
    "limits": "hashes that say nothing, for a week at most",
}
"""Tables about people that are not exported, and why."""


async def window(
    work: Work, section: Section, user_id: UUID, after: Position | None
) -> tuple[Sequence[Row[Any]], Position | None]:
    """Return what a person owns in the next window of a section, and where the one after it begins; None: the end."""
    key = tuple_(*section.order)
    looked_at = [section.within(user_id)] + ([key > tuple_(*after)] if after else [])
    edge = select(*section.order).where(*looked_at).order_by(*section.order).offset(WINDOW - 1).limit(1)
    last = (await work.conn.execute(edge)).one_or_none()
    wanted = select(*section.columns).where(*looked_at).order_by(*section.order)
    if last is not None:
        wanted = wanted.where(key <= tuple_(*last))
    if section.own is not None:
        wanted = wanted.where(section.own(user_id))
    rows = (await work.conn.execute(wanted)).all()
    return rows, tuple(last) if last is not None else None
