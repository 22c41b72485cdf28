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
def _ciphers(secrets_known: tuple[str, ...]) -> dict[str, AESGCM]:
    """Return a cipher for each key, by the key's name; the first is what is sealed with."""
    keys = [derive(secret, "sealing") for secret in secrets_known]
    # A key's name is a hash of it, so that rotation can tell old from new.
    return {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in keys}


def key_names(settings: Settings) -> list[str]:
    """Return the names by which sealed values bear the keys that open them; the first one seals."""
    return list(_ciphers(settings.secret_keys))


def _place(where: str, row_id: UUID) -> bytes:
    return f"{where}/{row_id}".encode()


def seal(settings: Settings, text: str, *, where: str, row_id: UUID) -> str:
    """Return `v1.<key>.<nonce>.<ciphertext>`, bound to its column (`table.column`) and row."""
    name, cipher = next(iter(_ciphers(settings.secret_keys).items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, text.encode(), _place(where, row_id))
    return ".".join((FORMAT, name, _to_text(nonce), _to_text(sealed)))


def unseal(settings: Settings, sealed: str, *, where: str, row_id: UUID) -> str:
    """Return what was sealed for this very column and row, by any key we have; raises BrokenSeal otherwise."""
    ciphers = _ciphers(settings.secret_keys)
    try:
        version, key, nonce, content = sealed.split(".")
        if version != FORMAT or key not in ciphers:
            raise BrokenSeal
        return ciphers[key].decrypt(_to_bytes(nonce), _to_bytes(content), _place(where, row_id)).decode()
    except (ValueError, InvalidTag) as error:
        raise BrokenSeal from error


def keyed_hash(settings: Settings, purpose: str, text: str) -> bytes:
    """Return an HMAC-SHA256 by which equal values are found, and which says nothing without the key.

    It stays the same when SECRET_KEY is changed: what is hashed cannot be opened, to be hashed anew.
    """
    key = derive(settings.hash_secret, f"hash/{purpose}")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
