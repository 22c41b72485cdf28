"""Sealing: what must be readable to us and to nobody who copies the database (AES-256-GCM), and keyed hashes."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.settings import Settings
from core.tokens import derive

FORMAT = "v1"
NONCE_BYTES = 12


class BrokenSeal(Exception):
    """A value was not sealed by us, for this place, with a key that we have."""


@lru_cache(maxsize=8)
def _cipher(secret: str) -> tuple[str, AESGCM]:
    key = derive(secret, "sealing")
    # The key's name is a hash of the key, so that rotation can tell old from new.
    return hashlib.sha256(key).hexdigest()[:8], AESGCM(key)


def _place(where: str, row_id: UUID) -> bytes:
    return f"{where}/{row_id}".encode()


def seal(settings: Settings, text: str, *, where: str, row_id: UUID) -> str:
    """Return `v1.<key>.<nonce>.<ciphertext>`, bound to its column (`table.column`) and row."""
    name, cipher = _cipher(settings.secret_key.get_secret_value())
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, text.encode(), _place(where, row_id))
    return ".".join((FORMAT, name, _to_text(nonce), _to_text(sealed)))


def unseal(settings: Settings, sealed: str, *, where: str, row_id: UUID) -> str:
    """Return what was sealed for this very column and row; raises BrokenSeal otherwise."""
    name, cipher = _cipher(settings.secret_key.get_secret_value())
    try:
        version, key, nonce, content = sealed.split(".")
        if (version, key) != (FORMAT, name):
            raise BrokenSeal
        return cipher.decrypt(_to_bytes(nonce), _to_bytes(content), _place(where, row_id)).decode()
    except (ValueError, InvalidTag) as error:
        raise BrokenSeal from error


def keyed_hash(settings: Settings, purpose: str, text: str) -> bytes:
    """Return an HMAC-SHA256 by which equal values are found, and which says nothing without the key."""
    key = derive(settings.secret_key.get_secret_value(), f"hash/{purpose}")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
