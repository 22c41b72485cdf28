"""API keys as texts: `rk_<public id>_<secret><checksum>`.

The public id finds the row, the secret is 256 random bits of which a peppered hash is stored, and the checksum lets
scanners of leaked secrets, and us, tell a key from noise without asking any database.
"""

import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Final

from core.sealing import keyed_hash
from core.settings import Settings
from core.tokens import NotSignedIn

PREFIX: Final = "rk_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PUBLIC, _SECRET, _CHECK = 12, 43, 6
_FORM = re.compile(rf"rk_([0-9A-Za-z]{{{_PUBLIC}}})_([0-9A-Za-z]{{{_SECRET}}})([0-9A-Za-z]{{{_CHECK}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeyClaims:
    """What an API key says: which one it is, and by which hash its secret is known."""

    public_id: str
    secret_hash: bytes


def made(settings: Settings) -> tuple[str, KeyClaims]:
    """Return a new key, to be shown once, and what is stored of it."""
    public, secret = _random(_PUBLIC), _random(_SECRET)
    body = f"{PREFIX}{public}_{secret}"
    return body + _checksum(body), KeyClaims(public, keyed_hash(settings, "api-key", secret))


def read(settings: Settings, key: str) -> KeyClaims:
    """Return what a key of the right form says, known or not; raises NotSignedIn for anything else."""
    found = _FORM.fullmatch(key)
    if found is None or _checksum(key[:-_CHECK]) != found[3]:
        raise NotSignedIn
    return KeyClaims(found[1], keyed_hash(settings, "api-key", found[2]))


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode("ascii")), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
