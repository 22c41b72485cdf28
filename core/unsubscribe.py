"""The link at the foot of a mail: it says which mailbox no longer wants any, and needs no sign-in (RFC 8058).

The token holds the kind of the address, its keyed hash, and a signature; it names no row, so that it works after the
row is gone, and it reveals nothing, because the hash is keyed.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from urllib.parse import urlsplit

from core.errors import NotFound
from core.sealing import keyed_hash
from core.settings import Settings

HASH_BYTES = 32
# 128 bits of signature are not guessed over the network, and keep the link short.
SIGNATURE_BYTES = 16
LONGEST = 128


class InvalidLink(NotFound):
    """The link is not one of ours, or not all of it; take it from the mail once more."""

    code = "invalid_link"


def url(settings: Settings, kind: str, value_hash: bytes) -> str:
    """Return where reminders to an address are stopped; ASCII, as a header needs it."""
    token = urlsafe_b64encode(value_hash + _signature(settings, kind, value_hash)).decode()
    return f"{_base(settings.public_url)}/unsubscribe/{kind}.{token}"


def read(settings: Settings, token: str) -> tuple[str, bytes]:
    """Return kind and keyed hash of the address that a link is about; raises InvalidLink."""
    if len(token) > LONGEST or not token.isascii():
        raise InvalidLink
    kind, _, rest = token.partition(".")
    try:
        raw = urlsafe_b64decode(rest)
    except ValueError as error:
        raise InvalidLink from error
    value_hash, signature = raw[:HASH_BYTES], raw[HASH_BYTES:]
    if not hmac.compare_digest(signature, _signature(settings, kind, value_hash)):
        raise InvalidLink
    return kind, value_hash


def _signature(settings: Settings, kind: str, value_hash: bytes) -> bytes:
    return keyed_hash(settings, "unsubscribe", f"{kind}:{value_hash.hex()}")[:SIGNATURE_BYTES]


@lru_cache(maxsize=4)
def _base(public_url: str) -> str:
    parts = urlsplit(public_url.rstrip("/"))
    if public_url.isascii():
        return public_url.rstrip("/")
    host = (parts.hostname or "").encode("idna").decode("ascii")
    return parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}").geturl()
