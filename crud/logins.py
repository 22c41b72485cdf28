"""Signing in: an attempt is counted, the password compared without a connection, then a session opened.

Known and unknown addresses, deactivated accounts and wrong passwords cost the same statements, the same hashing, and
get the same answer. Whoever has signed in from a place before has a lane of their own there, which attacks from
elsewhere do not fill.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row, update

from core import passwords
from core.errors import DomainError
from core.settings import Settings
from core.tokens import NotSignedIn
from core.work import Work
from crud import limits, places, sessions, totp
from crud.accounts import InvalidEmail, normal_email
from crud.limits import Bucket
from crud.sessions import Device, Issued
from models import users

log = structlog.get_logger()

DAY: Final = timedelta(days=1)
TEN_MINUTES: Final = timedelta(minutes=10)
# One address may try one account five times at once, then at most once a minute ...
PAIR: Final = 5
# ... which is less than the two a minute that an account bears from unknown places: no single address keeps its owner
# out of it, and a thousand addresses guess no faster.
ACCOUNT: Final = 20
# Those behind one address: only failures stay counted, so an office signs in as it likes.
ADDRESS: Final = 30
# All strangers together: one failure a second goes on for ever.
EVERYBODY: Final = 600
# Right passwords count as well, or one person could fill the table of sessions.
OPENED: Final = 600


class WrongCredentials(NotSignedIn):
    """Mail address or password is wrong."""

    code = "invalid_credentials"


class TotpRequired(NotSignedIn):
    """The password is right; send the code of the authenticator app, or a recovery code, as `totp` beside it."""

    code = "totp_required"


class WrongTotp(NotSignedIn):
    """The code is wrong, too old, or was used before."""

    code = "invalid_totp"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that has been counted, and is not decided."""

    found: Row[Any]
    """The account, all null where there is none."""
    client: str
    pair: Bucket
    others: tuple[Bucket, ...]
    renewed_hash: str | None = None
    """The password's hash by today's parameters, where the stored one is outdated."""

    @property
    def lane(self) -> str:
        """The place, where it is a known one; all others share a lane."""
        return places.neighbourhood(self.client) if self.found.known else "elsewhere"


# One row in any case. A place from where a thief was thrown out is no place of the owner.
_FIND = """
select now() as now, u.id, u.email, u.password_hash, u.status, u.token_version, t.confirmed_at is not null as has_totp,
       exists (select from sessions s
                where s.user_id = u.id and s.client_network = $2
                  and s.revoked_reason is distinct from 'refresh_reused') as known
  from (values (1)) as always
  left join users u on u.email = $1
  left join totp t on t.user_id = u.id
"""


async def begin(work: Work, settings: Settings, email: str, client: str) -> Attempt:
    """Count an attempt as failed before it is tried, so that a hundred at once are not one.

    `client` is the address it comes from. It sets the instant of the work, which is to be committed before the
    password is looked at. Raises TooManyAttempts, which is not counted.
    """
    email = _known_as(email, settings)
    found = (await work.conn.exec_driver_sql(_FIND, (email, places.neighbourhood(client)))).one()
    work.now = found.now
    pair, others = _buckets(email, client, known=found.known)
    if refusal := await limits.hit_all(work, settings, pair, *others):
        log.info("session.slowed_down")
        raise refusal
    return Attempt(found, client, pair, others)


def _buckets(email: str, client: str, *, known: bool) -> tuple[Bucket, tuple[Bucket, ...]]:
    address = places.address(client)
    pair = Bucket("login/pair", f"{email} {address}", PAIR, DAY)
    if known:
        lane = Bucket("login/lane", f"{email} {places.neighbourhood(client)}", ACCOUNT, TEN_MINUTES)
        return pair, (lane, Bucket("login/known", address, ADDRESS, TEN_MINUTES))
    return pair, (
        Bucket("login/account", email, ACCOUNT, TEN_MINUTES),
        Bucket("login/address", address, ADDRESS, TEN_MINUTES),
        Bucket("login/all", "", EVERYBODY, TEN_MINUTES),
    )


async def prove(attempt: Attempt, password: str) -> Attempt:
    """Compare the password, without a connection, because that is slow; return the attempt if it is right.

    Raises WrongCredentials, and Busy when too many are being hashed.
    """
    found = attempt.found
    right, renewed = await passwords.verify(password, found.password_hash)
    if not right or found.status != "active":
        log.info("session.refused", user_id=str(found.id) if found.id else None)
        raise WrongCredentials
    return Attempt(found, attempt.client, attempt.pair, attempt.others, renewed)


async def finish(
    work: Work, settings: Settings, attempt: Attempt, code: str | None, user_agent: str | None
) -> Issued | DomainError:
    """Open a session for whoever has proven the password, and the second factor where there is one.

    A refusal is returned, because it leaves a trace.
    """
    user = attempt.found
    if user.has_totp and code is None:
        await limits.forgive(work, settings, attempt.pair, *attempt.others)
        return TotpRequired()
    if code is not None and user.has_totp:
        wrong = await totp.refusal(work, settings, user.id, code, lane=attempt.lane)
        if wrong:
            return WrongTotp() if isinstance(wrong, totp.WrongCode) else wrong
    # Counted last: whoever knows the password alone must not use it up for the owner.
    opened = Bucket("login/opened", str(user.id), OPENED, timedelta(hours=1))
    if refusal := await limits.hit_all(work, settings, opened):
        return refusal
    if attempt.renewed_hash:
        # Before the session, for whose sake the row is locked: two at once would wait for each other.
        outdated = update(users).where(users.c.id == user.id, users.c.password_hash == user.password_hash)
        await work.conn.execute(outdated.values(password_hash=attempt.renewed_hash))
    issued = await sessions.begin(work, user.id, user.token_version, Device(user_agent, attempt.client))
    await limits.forgive(work, settings, *attempt.others, wholly=(attempt.pair,))
    # Between the two transactions the password may have been changed, or the account deactivated.
    return issued or WrongCredentials()


def _known_as(email: str, settings: Settings) -> str:
    try:
        return normal_email(email, settings)
    except InvalidEmail:
        # No account can have this; what PostgreSQL would refuse to look at is not shown to it.
        return email.lower().replace("\0", "")
