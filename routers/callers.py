"""Who asks, before any connection is taken: what their token says, and whether they may ask so much.

A request counts for its person or API key once the database has accepted the token, and for its address in every
other case; so a forged token, or a key that only looks like somebody's, empties nobody's bucket but its sender's.
"""

import time
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from starlette.types import Scope

from core import api_keys, tokens
from core.api_keys import KeyClaims
from core.rate_limits import Bucket, RateLimited, RateLimits
from core.settings import Settings
from core.tokens import Claims, NotSignedIn
from routers.clients import client_address

# Probes come every few seconds from one address, and must hear the truth.
UNCOUNTED = frozenset({"/healthz", "/readyz", "/metrics"})
V6_PREFIX = 64
"""A household or a machine has that many addresses at least."""


def read_bearer(request: Request) -> Claims | KeyClaims:
    """Return what the access token or API key of a request says; raises NotSignedIn.

    It is taken from the header only: what stands in an address ends up in logs and histories.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    settings: Settings = request.app.state.settings
    if token.startswith(api_keys.PREFIX):
        return api_keys.read(settings, token)
    return tokens.read(settings, token)


def admit(scope: Scope) -> None:
    """Count a request without a token on its address; raises RateLimited when that has asked too much.

    Once an address has, only genuine tokens get any further from there.
    """
    limits = _limits(scope)
    if limits is None or scope["path"] in UNCOUNTED:
        return
    now = time.time()
    if not any(name == b"authorization" for name, _ in scope["headers"]):
        _spend(scope, limits, _address(scope, limits, now), now)
    elif limits.strained(now):
        bucket = _address(scope, limits, now)
        if bucket.left <= 0 and not _genuine(Request(scope), limits, now):
            scope["state"]["bucket"] = bucket
            raise RateLimited(bucket, now)


def stranger(request: Request) -> None:
    """Count a request on its address where nobody needs to be signed in; raises RateLimited."""
    limits, now = _limits(request.scope), time.time()
    if limits is not None and "bucket" not in request.scope["state"]:
        _spend(request.scope, limits, _address(request.scope, limits, now), now)


def check(request: Request, claims: Claims | KeyClaims) -> None:
    """Raise RateLimited when a person or API key has asked too much, before the database is asked anything."""
    limits, now = _limits(request.scope), time.time()
    bucket = limits.callers.known(_name(claims), now) if limits else None
    if bucket is not None and bucket.left <= 0:
        request.scope["state"]["bucket"] = bucket
        raise RateLimited(bucket, now)


def spend(request: Request, claims: Claims | KeyClaims) -> None:
    """Count a request for the person or API key that was accepted, once; raises RateLimited."""
    limits, now = _limits(request.scope), time.time()
    if limits is not None and "bucket" not in request.scope["state"]:
        _spend(request.scope, limits, limits.callers.of(_name(claims), now), now)


def headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return what an answer says about the limit; what nobody was charged for until now is for the address."""
    limits = _limits(scope)
    if limits is None or scope["path"] in UNCOUNTED:
        return []
    now = time.time()
    if "bucket" not in scope["state"]:
        with suppress(RateLimited):
            _spend(scope, limits, _address(scope, limits, now), now)
    bucket: Bucket = scope["state"]["bucket"]
    return [
        (b"ratelimit-limit", b"%d" % bucket.limit),
        (b"ratelimit-remaining", b"%d" % bucket.left),
        (b"ratelimit-reset", b"%d" % bucket.seconds(now)),
    ]


def _limits(scope: Scope) -> RateLimits | None:
    limits: RateLimits | None = scope["app"].state.rate_limits
    return limits


def _spend(scope: Scope, limits: RateLimits, bucket: Bucket, now: float) -> None:
    scope["state"]["bucket"] = bucket
    limits.spend(bucket, now)


def _name(claims: Claims | KeyClaims) -> str:
    # The public id alone anybody may know, and could so learn how busy a key is.
    return f"{claims.public_id} {claims.secret_hash.hex()}" if isinstance(claims, KeyClaims) else claims.user_id.hex


def _genuine(request: Request, limits: RateLimits, now: float) -> bool:
    """Whether a token is signed by us and not stale, or a key was accepted within this minute."""
    try:
        claims = read_bearer(request)
    except NotSignedIn:
        return False
    if isinstance(claims, KeyClaims):
        return limits.callers.known(_name(claims), now) is not None
    return claims.expires_at is not None and claims.expires_at.timestamp() > now


def _address(scope: Scope, limits: RateLimits, now: float) -> Bucket:
    request = Request(scope)
    return limits.addresses.of(_network(client_address(request, request.app.state.settings)), now)


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    """Return under what an address counts: itself, or the /64 of IPv6."""
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return address
    return str(ip_network((int(parsed), V6_PREFIX), strict=False))
