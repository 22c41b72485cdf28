"""Headers that every answer bears, to tell browsers what not to do with it."""

from typing import Final

Headers = tuple[tuple[bytes, bytes], ...]

_EVERYWHERE: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Other sites learn nothing, so tokens in addresses stay here. `no-referrer` would make browsers send
    # `Origin: null` with our own forms, which is how a form of another site looks.
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()",
    ),
)
# A year and everything below the name, as ASVS 3.4.1 asks; browsers heed it over HTTPS only.
_TRANSPORT: Final[Headers] = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
_STATIC: Final = "/static/"


class SecurityHeaders:
    """The headers of one installation, which depend on whether its address begins with https."""

    def __init__(self, public_url: str) -> None:
        """Put them together once."""
        always = _EVERYWHERE + (_TRANSPORT if public_url.lower().startswith("https://") else ())
        self._answers: Headers = (*always, (b"cache-control", b"no-store"))
        # Files of ours are the same for everybody: kept, and asked for anew by their ETag.
        self._files: Headers = (*always, (b"cache-control", b"no-cache"))

    def of(self, path: str) -> Headers:
        """Return what an answer to a request for a path bears, unless it says something else itself."""
        return self._files if path.startswith(_STATIC) else self._answers
