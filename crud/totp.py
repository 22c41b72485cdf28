"""Second factors: codes of an authenticator app, and recovery codes for whoever has lost it.

Refusals that leave a trace (a counted failure) are returned, not raised: raising would roll the trace back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core import one_time_codes, tokens
from core.errors import Conflict, DomainError, Invalid
from core.sealing import seal, unseal
from core.settings import Settings
from core.work import Work
from crud import letters, limits, reauthentication
from crud.limits import Bucket
from crud.principals import Principal
from models import recovery_codes, totp, users

log = structlog.get_logger()

SEALED: Final = "totp.sealed_secret"
RECOVERY_CODES: Final = 10


class WrongCode(Invalid):
    """The code is wrong, too old, or was used before."""

    code = "invalid_totp"


class AlreadyOn(Conflict):
    """A second factor is switched on; switch it off before you set up another one."""

    code = "totp_already_on"


class NotOn(Conflict):
    """No second factor is switched on, or none was set up to be confirmed."""

    code = "totp_not_on"


Codes = Sequence[str] | DomainError
"""New recovery codes, or why there are none."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an authenticator app has to know, shown once."""

    secret: str
    uri: str


def _bucket(user_id: UUID, lane: str) -> Bucket:
    # Who comes here knows the password. A guess hits with three in a million, so an hour's rest costs a thief years.
    return Bucket("totp", f"{user_id} {lane}", free=5, per=timedelta(days=1), longest=timedelta(minutes=15))


async def state(work: Work, me: Principal) -> Row[Any]:
    """Return `enabled`, `confirmed_at` and `recovery_codes_left` of my second factor."""
    left = select(func.count()).where(recovery_codes.c.user_id == me.user_id, recovery_codes.c.used_at.is_(None))
    since = select(totp.c.confirmed_at).where(totp.c.user_id == me.user_id).scalar_subquery()
    shown = select(since.is_not(None).label("enabled"), since.label("confirmed_at"), left.label("recovery_codes_left"))
    row: Row[Any] = (await work.conn.execute(shown)).one()
    return row


async def set_up(work: Work, settings: Settings, me: Principal, password: str) -> SetUp | DomainError:
    """Make a secret, which counts only once it is confirmed; a former unconfirmed one is void.

    Raises AlreadyOn.
    """
    if refusal := await reauthentication.refusal(work, settings, me, password):
        return refusal
    secret = one_time_codes.new_secret()
    values = {"sealed_secret": seal(settings, secret, where=SEALED, row_id=me.user_id), "created_at": work.now}
    made = upsert(totp).values(user_id=me.user_id, **values)
    made = made.on_conflict_do_update(index_elements=["user_id"], set_=values, where=totp.c.confirmed_at.is_(None))
    if (await work.conn.execute(made.returning(totp.c.user_id))).one_or_none() is None:
        raise AlreadyOn
    return SetUp(secret, one_time_codes.uri(secret, me.email))


async def confirm(work: Work, settings: Settings, me: Principal, code: str) -> Codes:
    """Switch the second factor on, proven by a code, and return the recovery codes.

    Raises NotOn when nothing was set up, AlreadyOn.
    """
    row = (await work.conn.execute(select(totp).where(totp.c.user_id == me.user_id).with_for_update())).one_or_none()
    if row is None or row.confirmed_at is not None:
        raise NotOn if row is None else AlreadyOn
    bucket = _bucket(me.user_id, "confirming")
    if refusal := await limits.hit_all(work, settings, bucket):
        return refusal
    step = one_time_codes.matching_step(_opened(settings, row), one_time_codes.plain(code), work.now)
    if step is None:
        return WrongCode(field="code")
    on = update(totp).where(totp.c.user_id == me.user_id).values(confirmed_at=work.now, last_step=step)
    await work.conn.execute(on)
    await limits.forgive(work, settings, wholly=(bucket,))
    await _tell(work, settings, me.user_id, "totp.enabled", "totp_on")
    return await _new_codes(work, me.user_id)


async def renew_codes(work: Work, settings: Settings, me: Principal, password: str, code: str) -> Codes:
    """Return new recovery codes; the former ones are void.

    Raises NotOn.
    """
    if refusal := await _twice_proven(work, settings, me, password, code):
        return refusal
    work.note("totp.recovery_codes_renewed", object_type="user", object_id=me.user_id)
    return await _new_codes(work, me.user_id)


async def remove(work: Work, settings: Settings, me: Principal, password: str, code: str) -> DomainError | None:
    """Switch the second factor off; its recovery codes are void.

    Raises NotOn.
    """
    if refusal := await _twice_proven(work, settings, me, password, code):
        return refusal
    await lift(work, settings, me.user_id)
    return None


async def lift(work: Work, settings: Settings, user_id: UUID) -> None:
    """Switch somebody's second factor off without asking them; for operators, when app and recovery codes are lost.

    Raises NotOn.
    """
    confirmed = delete(totp).where(totp.c.user_id == user_id, totp.c.confirmed_at.is_not(None))
    if (await work.conn.execute(confirmed)).rowcount == 0:
        raise NotOn
    await _tell(work, settings, user_id, "totp.disabled", "totp_off")


async def _twice_proven(work: Work, settings: Settings, me: Principal, password: str, code: str) -> DomainError | None:
    confirmed = select(totp.c.confirmed_at).where(totp.c.user_id == me.user_id)
    if (await work.conn.execute(confirmed)).scalar_one_or_none() is None:
        raise NotOn
    wrong = await reauthentication.refusal(work, settings, me, password)
    return wrong or await refusal(work, settings, me.user_id, code, lane="signed in")


async def refusal(work: Work, settings: Settings, user_id: UUID, code: str, *, lane: str) -> DomainError | None:
    """Use up a code of an app or a recovery code; return why it is not accepted, if it is not.

    Failures are counted for each `lane` apart, so that a thief at another place cannot keep the owner out.
    """
    bucket = _bucket(user_id, lane)
    if waiting := await limits.hit_all(work, settings, bucket):
        return waiting
    plain = one_time_codes.plain(code)
    used = _use if one_time_codes.is_from_app(plain) else _use_recovery
    if not await used(work, settings, user_id, plain):
        return WrongCode(field="code")
    await limits.forgive(work, settings, wholly=(bucket,))
    return None


async def _use(work: Work, settings: Settings, user_id: UUID, code: str) -> bool:
    row = (await work.conn.execute(select(totp).where(totp.c.user_id == user_id))).one_or_none()
    step = None if row is None else one_time_codes.matching_step(_opened(settings, row), code, work.now)
    if step is None:
        return False
    # Of two with the same code, one is first; and what was seen over a shoulder is worth nothing afterwards.
    fresh = or_(totp.c.last_step.is_(None), totp.c.last_step < step)
    accepted = update(totp).where(totp.c.user_id == user_id, totp.c.confirmed_at.is_not(None), fresh)
    return (await work.conn.execute(accepted.values(last_step=step))).rowcount > 0


async def _use_recovery(work: Work, settings: Settings, user_id: UUID, code: str) -> bool:
    table = recovery_codes.c
    unused = update(recovery_codes).where(
        table.user_id == user_id, table.code_hash == tokens.fingerprint(code), table.used_at.is_(None)
    )
    if (await work.conn.execute(unused.values(used_at=work.now))).rowcount == 0:
        return False
    await _tell(work, settings, user_id, "totp.recovery_code_used", "recovery_code_used")
    return True


async def _new_codes(work: Work, user_id: UUID) -> Sequence[str]:
    codes = [one_time_codes.new_recovery_code() for _ in range(RECOVERY_CODES)]
    await work.conn.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    hashes = [tokens.fingerprint(one_time_codes.plain(code)) for code in codes]
    await work.conn.execute(insert(recovery_codes), [{"user_id": user_id, "code_hash": each} for each in hashes])
    return codes


async def _tell(work: Work, settings: Settings, user_id: UUID, action: str, letter: str) -> None:
    work.note(action, object_type="user", object_id=user_id, user_id=user_id)
    mailbox = (await work.conn.execute(select(users.c.email).where(users.c.id == user_id))).scalar_one()
    await letters.write(work, settings, letter, mailbox, user_id=user_id)
    log.info(action, user_id=str(user_id))


def _opened(settings: Settings, row: Row[Any]) -> str:
    return unseal(settings, row.sealed_secret, where=SEALED, row_id=row.user_id)
