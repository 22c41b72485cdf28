"""Access tokens: ours are read, everything else is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from jose import jwt
from pydantic import SecretStr

from core import tokens
from core.settings import Settings
from core.tokens import Claims, NotSignedIn

SETTINGS = Settings(_env_file=None, secret_key=SecretStr("k" * 40))
CLAIMS = Claims(uuid4(), uuid4(), 3)


def _now() -> datetime:
    return datetime.now(UTC)


def _body() -> dict[str, object]:
    return jwt.get_unverified_claims(tokens.issue(SETTINGS, CLAIMS, _now()))


def _signed(body: dict[str, object], headers: dict[str, str] | None = None) -> str:
    key = tokens.derive("k" * 40, "access-token").hex()
    return jwt.encode(body, key, algorithm="HS256", headers=headers)


def test_a_token_of_ours_is_read() -> None:
    """What was issued is read, and a token signed by hand in the same way too (the refusals below rest on it)."""
    now = _now().replace(microsecond=0)
    read = replace(CLAIMS, expires_at=now + tokens.LIFETIME)
    assert tokens.read(SETTINGS, tokens.issue(SETTINGS, CLAIMS, now)) == read
    assert tokens.read(SETTINGS, _signed(_body())).user_id == CLAIMS.user_id


def test_this_hosts_clock_judges_nothing() -> None:
    """A token that has expired by this host's clock is read all the same: PostgreSQL's clock says whether it has."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    read = tokens.read(SETTINGS, tokens.issue(SETTINGS, CLAIMS, long_ago))
    assert read.expires_at == long_ago + tokens.LIFETIME


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "jti", "aud", "sid", "ver", "typ"])
def test_every_claim_is_required(missing: str) -> None:
    """A token without any one of the claims is refused, though python-jose would let some pass."""
    body = _body()
    del body[missing]
    with pytest.raises(NotSignedIn):
        tokens.read(SETTINGS, _signed(body))


@pytest.mark.parametrize(
    "changed",
    [
        {"typ": "refresh"},
        {"aud": "others"},
        {"ver": "3"},
        {"ver": True},
        {"sub": "nobody"},
        {"sid": 7},
        {"exp": "soon"},
    ],
)
def test_a_claim_of_the_wrong_kind_is_refused(changed: dict[str, object]) -> None:
    """A claim with another value or type than ours is refused."""
    with pytest.raises(NotSignedIn):
        tokens.read(SETTINGS, _signed(_body() | changed))


def test_an_extension_that_must_be_understood_is_refused() -> None:
    """A `crit` header is refused, because python-jose ignores it."""
    with pytest.raises(NotSignedIn):
        tokens.read(SETTINGS, _signed(_body(), {"crit": "x"}))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "x" * 5000, "e30.e30.", "\ud800", "[" * 4000])
def test_garbage_is_refused(token: str) -> None:
    """Whatever is no token at all is refused like a wrong one."""
    with pytest.raises(NotSignedIn):
        tokens.read(SETTINGS, token)


def test_another_algorithm_or_key_is_refused() -> None:
    """The header does not choose how a token is checked, and another installation's key opens nothing."""
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + _signed(_body()).split(".")[1] + "."
    key = tokens.derive("k" * 40, "access-token").hex()
    stronger = jwt.encode(_body(), key, algorithm="HS512")
    foreign = jwt.encode(_body(), "another key of thirty-two letters", algorithm="HS256")
    for token in (unsigned, stronger, foreign):
        with pytest.raises(NotSignedIn):
            tokens.read(SETTINGS, token)


def test_a_former_key_has_signed_well() -> None:
    """Whoever was signed in stays so while the key is known, and new tokens are signed by the new one."""
    now = _now()
    token = tokens.issue(SETTINGS, CLAIMS, now)
    new = Settings(_env_file=None, secret_key=SecretStr("n" * 40), secret_keys_previous=(SETTINGS.secret_key,))
    assert tokens.read(new, token).user_id == CLAIMS.user_id
    assert tokens.read(new, tokens.issue(new, CLAIMS, now)).user_id == CLAIMS.user_id
    for settings, given in ((SETTINGS, tokens.issue(new, CLAIMS, now)), (new, token[:-4] + "AAAA"), (new, "x")):
        with pytest.raises(NotSignedIn):
            tokens.read(settings, given)
