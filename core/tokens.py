"""Tokens: the one module that speaks JWT (through python-jose), and makes opaque secrets."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jose import JWTError, jwt
from jose.constants import ALGORITHMS

from core.errors import Forbidden
from core.settings import Settings

LIFETIME = timedelta(minutes=10)
AUDIENCE = "team-reminders"
LONGEST = 4096
OPAQUE_BYTES = 32
# Three parts in the alphabet of RFC 7515; python-jose would let padding and more pass.
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
# What python-jose would let pass: a missing `aud` is only refused when it is required explicitly. Were `exp` required
# here, it would also be compared with this host's clock, whatever `verify_exp` says; `_claims` misses it as well.
OPTIONS = {f"require_{name}": True for name in ("iat", "sub", "jti", "aud")} | {"verify_exp": False}


class NotSignedIn(Forbidden):
    """Sign in first: the access token is missing, wrong, expired or revoked."""

    code = "not_signed_in"


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: who, in which session, at which version of the account, and until when.

    `expires_at` is compared with PostgreSQL's clock by `principals`; hosts' clocks may be wrong.
    """

    user_id: UUID
    session_id: UUID
    version: int
    expires_at: datetime | None = None


@lru_cache(maxsize=64)
def derive(secret: str, purpose: str) -> bytes:
    """Return a 256-bit key for one purpose, so that no key serves two (HKDF-SHA256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"team-reminders/{purpose}".encode()).derive(
        secret.encode()
    )


def _keys(settings: Settings) -> list[str]:
    return [derive(secret, "access-token").hex() for secret in settings.secret_keys]


def issue(settings: Settings, claims: Claims, now: datetime) -> str:
    """Return a signed access token that lives ten minutes from `now`."""
    issued = int(now.timestamp())
    body: dict[str, Any] = {
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "ver": claims.version,
        "jti": secrets.token_hex(8),
        "aud": AUDIENCE,
        "typ": "access",
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
    }
    return jwt.encode(body, _keys(settings)[0], algorithm=ALGORITHMS.HS256)


def read(settings: Settings, token: str) -> Claims:
    """Return what a genuine access token says, expired or not; raises NotSignedIn for anything else.

    One that a previous key has signed is genuine as well.
    """
    if len(token) > LONGEST or COMPACT.fullmatch(token) is None:
        raise NotSignedIn
    *others, last = _keys(settings)
    for key in others:
        with suppress(NotSignedIn):
            return _verified(key, token)
    return _verified(last, token)


# The same bytes under the same key stay as genuine as they were; whether they still count is asked each time.
@lru_cache(maxsize=4096)
def _verified(key: str, token: str) -> Claims:
    try:
        # A `crit` header names extensions that must be understood; we know none, and python-jose ignores it.
        if jwt.get_unverified_header(token).keys() - {"alg", "typ", "kid"}:
            raise NotSignedIn
        body = jwt.decode(token, key, algorithms=[ALGORITHMS.HS256], audience=AUDIENCE, options=OPTIONS)
        return _claims(body)
    except (JWTError, ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError) as error:
        raise NotSignedIn from error


def _claims(body: Mapping[str, Any]) -> Claims:
    # bool is an int in Python, 1.0 equals 1, and what PostgreSQL could not compare would be a fault of ours.
    if body["typ"] != "access" or type(body["ver"]) is not int or type(body["exp"]) is not int:
        raise NotSignedIn
    if not 0 <= body["ver"] < 2**31:
        raise NotSignedIn
    return Claims(
        user_id=UUID(body["sub"]),
        session_id=UUID(body["sid"]),
        version=body["ver"],
        expires_at=datetime.fromtimestamp(body["exp"], UTC),
    )


def opaque() -> str:
    """Return a new secret of 256 random bits, as text for a URL or a header."""
    return secrets.token_urlsafe(OPAQUE_BYTES)


def fingerprint(secret: str) -> bytes:
    """Return what is stored of an opaque secret; 256 random bits need no salt (SHA-256)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def same(given: str, expected: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
