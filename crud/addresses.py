"""Addresses of people and of teams: normalised by their channel, sealed, unique, removed softly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from channels import registry
from channels.base import InvalidAddress
from core.errors import Conflict, Invalid, NotFound
from core.ids import uuid7
from core.sealing import keyed_hash, seal, unseal
from core.settings import Settings
from core.work import About, Work
from crud import opt_outs, quotas, versions
from crud.deliveries import withdraw_from
from crud.pages import PageRequest, Sort, cut, paginate
from crud.versions import Expected
from models import addresses, users
from schemas.addresses import AddressUpdate

log = structlog.get_logger()

SEALED = "addresses.sealed_value"
_SORT = Sort(addresses.c.created_at, addresses.c.id)
_SHOWN = select(
    addresses,
    addresses.c.shown_value.label("value"),
    addresses.c.verified_at.is_not(None).label("verified"),
    addresses.c.disabled_at.is_not(None).label("disabled"),
)


class UnknownKind(Invalid):
    """There is no such channel."""

    code = "unknown_channel"


class InvalidValue(Invalid):
    """The value cannot be an address of this channel."""

    code = "invalid_address"


class AddressExists(Conflict):
    """The address is already there."""

    code = "address_exists"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose address it is: a person's or a team's, never both."""

    user_id: UUID | None = None
    team_id: UUID | None = None

    @property
    def owns(self) -> ColumnElement[bool]:
        """The condition for this owner's addresses that are not removed."""
        mine = addresses.c.user_id == self.user_id if self.user_id else addresses.c.team_id == self.team_id
        return mine & addresses.c.deleted_at.is_(None)


def opened(settings: Settings, row: Row[Any]) -> str:
    """Return the value of an address, for its channel only; the row bears `id` and `sealed_value`."""
    return unseal(settings, row.sealed_value, where=SEALED, row_id=row.id)


def _normal(settings: Settings, kind: str, value: str) -> tuple[str, str]:
    channel = registry().get(kind)
    if channel is None:
        known = ", ".join(sorted(registry()))
        message = f"there is no channel of this name; there are {known}"
        raise UnknownKind(message, field="kind")
    try:
        normal = channel.normalize(value, settings)
    except InvalidAddress as error:
        raise InvalidValue(str(error), field="value") from error
    return normal, channel.masked(normal)


def value_hash(settings: Settings, kind: str, normal: str) -> bytes:
    """Return by what equal addresses of a kind are found; says nothing without the key."""
    return keyed_hash(settings, "address", f"{kind}:{registry()[kind].identity(normal)}")


async def add(
    work: Work,
    settings: Settings,
    owner: Owner,
    kind: str,
    value: str,
    *,
    label: str | None = None,
    verified_at: datetime | None = None,
) -> Row[Any]:
    """Add an address and return it; raises UnknownKind, InvalidValue, AddressExists, QuotaReached."""
    normal, shown = _normal(settings, kind, value)
    address_id, hashed = uuid7(), value_hash(settings, kind, normal)
    # Whoever enters it: the mailbox has said that it wants no reminders, and can say otherwise by proving itself.
    out = await opt_outs.holds(work, kind, hashed)
    row = {
        "id": address_id,
        "user_id": owner.user_id,
        "team_id": owner.team_id,
        "kind": kind,
        "sealed_value": seal(settings, normal, where=SEALED, row_id=address_id),
        "value_hash": hashed,
        "shown_value": shown,
        "label": label,
        "verified_at": verified_at,
        "disabled_at": work.now if out else None,
        "disabled_reason": opt_outs.REASON if out else None,
    }
    made = insert(addresses).values(**row).on_conflict_do_nothing().returning(addresses.c.id)
    if (await work.conn.execute(made)).one_or_none() is None:
        raise AddressExists(field="value")
    if whose := owner.team_id or owner.user_id:
        await quotas.check(work, "addresses", whose)
    _note(work, owner, address_id, "added")
    log.info("address.added", address_id=str(address_id), kind=kind)
    return await get(work, owner, address_id)


async def verified_from_start(work: Work, settings: Settings, user_id: UUID, kind: str) -> datetime | None:
    """Return since when a new address that somebody adds counts as proven; None: nothing is sent to it yet.

    Where mailboxes are to be proven, a new one is not, and whoever has not proven their own reaches nobody
    by any other channel either.
    """
    if not settings.verifies_email:
        return work.now
    if kind == "email":
        return None
    own = select(users.c.email_verified_at).where(users.c.id == user_id)
    proven: datetime | None = (await work.conn.execute(own)).scalar_one()
    return proven and work.now


async def listed(work: Work, owner: Owner, page: PageRequest) -> tuple[list[Row[Any]], str | None]:
    """Return a page of an owner's addresses, oldest first."""
    rows = (await work.conn.execute(paginate(_SHOWN.where(owner.owns), _SORT, page))).all()
    cutting, cursor = cut(rows, _SORT, page)
    return list(cutting), cursor


async def get(work: Work, owner: Owner, address_id: UUID) -> Row[Any]:
    """Return one address of an owner; raises NotFound."""
    return await _one(work, _SHOWN.where(owner.owns, addresses.c.id == address_id))


async def change(work: Work, owner: Owner, address_id: UUID, body: AddressUpdate, expected: Expected) -> Row[Any]:
    """Change label or state of an address and return it; disabling withdraws what waits for it.

    Raises OptedOut where only a new proof enables it.
    """
    row = await _locked(work, owner, address_id, expected)
    values = body.model_dump(exclude_unset=True)
    disabled = values.pop("disabled", row.disabled_at is not None)
    if not disabled and row.disabled_reason == opt_outs.REASON:
        raise opt_outs.OptedOut(field="disabled")
    if disabled and row.disabled_at is None:
        values |= {"disabled_at": work.now, "disabled_reason": "by_owner"}
    elif not disabled and row.disabled_at is not None:
        values |= {"disabled_at": None, "disabled_reason": None, "failures": 0}
    if values:
        await _write(work, address_id, values)
        _note(work, owner, address_id, "changed", sorted(body.model_fields_set))
    if disabled:
        await withdraw_from(work, [address_id], "address_disabled")
    return await get(work, owner, address_id)


async def remove(work: Work, owner: Owner, address_id: UUID, expected: Expected) -> None:
    """Remove an address and withdraw what waits for it, so that nothing is sent there after the commit."""
    await _locked(work, owner, address_id, expected)
    await _write(work, address_id, {"deleted_at": work.now})
    _note(work, owner, address_id, "removed")
    await withdraw_from(work, [address_id], "address_removed")
    log.info("address.removed", address_id=str(address_id))


def _note(work: Work, owner: Owner, address_id: UUID, action: str, fields: Sequence[str] = ()) -> None:
    about: About = {"object_type": "address", "object_id": address_id, "fields": fields}
    about |= {"team_id": owner.team_id, "user_id": owner.user_id}
    work.note(f"address.{action}", **about)


async def _locked(work: Work, owner: Owner, address_id: UUID, expected: Expected) -> Row[Any]:
    row = await _one(work, select(addresses).where(owner.owns, addresses.c.id == address_id).with_for_update())
    versions.check(row.version, expected)
    return row


async def _one(work: Work, statement: Select[Any]) -> Row[Any]:
    row: Row[Any] | None = (await work.conn.execute(statement)).one_or_none()
    if row is None:
        message = "there is no such address"
        raise NotFound(message)
    return row


async def _write(work: Work, address_id: UUID, values: dict[str, Any]) -> None:
    changed = update(addresses).where(addresses.c.id == address_id)
    await work.conn.execute(changed.values(**values, version=addresses.c.version + 1, updated_at=work.now))
