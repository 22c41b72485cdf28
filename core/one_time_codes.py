"""One-time codes of authenticator apps: RFC 6238 with what every app understands: SHA-1, six digits, thirty seconds."""

import hmac
import secrets
from base64 import b32decode, b32encode
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECONDS = 30
DIGITS = 6
# The clock of a telephone may be off by one step in either direction.
DRIFT = 1
SECRET_BYTES = 20
RECOVERY_BYTES = 10
ISSUER = "Team Reminders"


def new_secret() -> str:
    """Return a secret of 160 random bits in base 32, as apps take it when typed."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def uri(secret: str, account: str) -> str:
    """Return the `otpauth://` address of a secret, which apps take as a QR code."""
    # Some apps show a plus sign where a form would have a space.
    return _totp(secret).get_provisioning_uri(account, ISSUER).replace("+", "%20")


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the thirty seconds to which a code belongs; None when it is wrong or too old.

    Every step is compared in constant time, and all of them, so that the time says nothing.
    """
    current = int(now.timestamp()) // SECONDS
    generator = _totp(secret)
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(generator.generate(step * SECONDS), code.encode("utf-8", "surrogatepass")):
            found = step
    return found


def _totp(secret: str) -> TOTP:
    # SHA-1 is what apps can do; HMAC does not suffer from its collisions.
    return TOTP(b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303  see above


def new_recovery_code() -> str:
    """Return a recovery code of 80 random bits, in groups that can be typed."""
    text = b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def plain(code: str) -> str:
    """Return a code as it was meant: without spaces, hyphens and capitals."""
    return "".join(code.split()).replace("-", "").lower()


def is_from_app(code: str) -> bool:
    """Tell whether a plain code looks like one of an app; else it is a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal()
