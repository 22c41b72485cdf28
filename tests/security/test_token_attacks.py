"""Access tokens that somebody has tampered with, borrowed or kept: each is 401 with its challenge, and none a fault."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from jose import jwt
from sqlalchemy import text

from core import tokens
from core.settings import Settings
from tests.fixtures.api import Person
from tests.fixtures.people import Arrive

NOW = int(datetime.now(UTC).timestamp())
Forge = Callable[[Settings, dict[str, Any]], str]


def _part(thing: object) -> str:
    raw = thing if isinstance(thing, bytes) else json.dumps(thing).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _key(settings: Settings) -> str:
    return tokens.derive(settings.secret_key.get_secret_value(), "access-token").hex()


def _signed(settings: Settings, body: object, header: Mapping[str, Any] | None = None, digest: str = "sha256") -> str:
    """Sign with the right key whatever stands in header and body; no library would."""
    said = _part({"alg": "HS256", "typ": "JWT"} if header is None else header) + "." + _part(body)
    return said + "." + _part(hmac.new(_key(settings).encode(), said.encode(), getattr(hashlib, digest)).digest())


def _with(**changed: Any) -> Forge:
    """Return the token with other claims, rightly signed; None takes a claim away."""

    def forge(settings: Settings, body: dict[str, Any]) -> str:
        return _signed(settings, {name: value for name, value in (body | changed).items() if value is not None})

    return forge


def _headed(**header: Any) -> Forge:
    """Return the token with another header, rightly signed."""
    return lambda settings, body: _signed(settings, body, {"alg": "HS256", "typ": "JWT"} | header)


def _unsigned(algorithm: str) -> Forge:
    return lambda _, body: f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(body)}."


def _asymmetric(_: Settings, body: dict[str, Any]) -> str:
    """Sign with HMAC under a key that is public, as if it were the one of RS256."""
    said = f"{_part({'alg': 'HS256'})}.{_part(body)}"
    return said + "." + _part(hmac.new(b"-----BEGIN PUBLIC KEY-----", said.encode(), "sha256").digest())


def _spliced(settings: Settings, body: dict[str, Any]) -> str:
    """Put other claims under a genuine signature."""
    head, _, sign = _signed(settings, body).split(".")
    return f"{head}.{_part(body | {'sub': str(uuid4())})}.{sign}"


ATTACKS: dict[str, Forge] = {
    "alg none": _unsigned("none"),
    "alg None": _unsigned("None"),
    "alg NONE": _unsigned("NONE"),
    "alg nOnE": _unsigned("nOnE"),
    "alg empty": _unsigned(""),
    "alg none, signed": _headed(alg="none"),
    "alg null": _headed(alg=None),
    "alg list": _headed(alg=["HS256"]),
    "alg number": _headed(alg=256),
    "alg object": _headed(alg={"HS256": True}),
    "no alg": lambda s, b: _signed(s, b, {"typ": "JWT"}),
    "HS384": lambda s, b: jwt.encode(b, _key(s), algorithm="HS384"),
    "HS512": lambda s, b: jwt.encode(b, _key(s), algorithm="HS512"),
    "HS512 named, HS256 signed": _headed(alg="HS512"),
    "RS256 named, HS256 signed": _headed(alg="RS256"),
    "ES256 named, HS256 signed": _headed(alg="ES256"),
    "RS and HS confused": _asymmetric,
    "jwk in the header": _headed(jwk={"kty": "oct", "k": _part(b"mine")}),
    "jku in the header": _headed(jku="https://evil.example/keys.json"),
    "x5u in the header": _headed(x5u="https://evil.example/cert.pem"),
    "x5c in the header": _headed(x5c=["MIIB"]),
    "b64 false": _headed(b64=False, crit=["b64"]),
    "crit": _headed(crit=["exp"]),
    "crit empty": _headed(crit=[]),
    "crit of ours": _headed(crit=["kid"], kid="x"),
    "zip": _headed(zip="DEF"),
    "header is a list": lambda s, b: _signed(s, b, []),  # type: ignore[arg-type]  # that is the attack
    "header is text": lambda s, b: _signed(s, b, "HS256"),  # type: ignore[arg-type]  # that is the attack
    "no aud": _with(aud=None),
    "wrong aud": _with(aud="others"),
    "aud a list with ours": _with(aud=["others", "team-reminders-x"]),
    "aud a number": _with(aud=7),
    "aud an object": _with(aud={"team-reminders": 1}),
    "no exp": _with(exp=None),
    "exp text": _with(exp=str(NOW + 600)),
    "exp words": _with(exp="tomorrow"),
    "exp a float": _with(exp=NOW + 600.5),
    "exp huge": _with(exp=10**30),
    "exp beyond dates": _with(exp=10**12),
    "exp infinite": _with(exp=float("inf")),
    "exp NaN": _with(exp=float("nan")),
    "exp negative": _with(exp=-1),
    "exp hugely negative": _with(exp=-(10**18)),
    "exp true": _with(exp=True),
    "exp a list": _with(exp=[NOW + 600]),
    "exp passed": _with(exp=NOW - 1),
    "no iat": _with(iat=None),
    "iat words": _with(iat="now"),
    "nbf to come": _with(nbf=NOW + 3600),
    "nbf words": _with(nbf="later"),
    "no sub": _with(sub=None),
    "sub a number": _with(sub=7),
    "sub no id": _with(sub="admin"),
    "sub nobody": _with(sub=str(uuid4())),
    "no sid": _with(sid=None),
    "sid unknown": _with(sid=str(uuid4())),
    "sid a list": _with(sid=[]),
    "no ver": _with(ver=None),
    "ver later": _with(ver=2),
    "ver before": _with(ver=0),
    "ver text": _with(ver="1"),
    "ver true": _with(ver=True),
    "ver a float": _with(ver=1.0),
    "ver beyond int4": _with(ver=2**40),
    "ver beyond int8": _with(ver=2**70),
    "ver negative": _with(ver=-1),
    "no jti": _with(jti=None),
    "no purpose": _with(typ=None),
    "purpose refresh": _with(typ="refresh"),
    "purpose a list": _with(typ=["access"]),
    "wrong key": lambda _, b: jwt.encode(b, "another key of thirty-two letters", algorithm="HS256"),
    "empty key": lambda _, b: (
        f"{(s := _part({'alg': 'HS256'}) + '.' + _part(b))}.{_part(hmac.new(b'', s.encode(), 'sha256').digest())}"
    ),
    "the bare secret as key": lambda s, b: jwt.encode(b, s.secret_key.get_secret_value(), algorithm="HS256"),
    "truncated": lambda s, b: _signed(s, b)[:-1],
    "signature dropped": lambda s, b: _signed(s, b).rpartition(".")[0] + ".",
    "body of another": _spliced,
    "payload is a list": lambda s, b: _signed(s, [b]),
    "payload is text": lambda s, b: _signed(s, json.dumps(b)),
    "payload is null": lambda s, _: _signed(s, None),
    "payload is nested deeply": lambda s, _: _signed(s, b"[" * 2500 + b"]" * 2500),
    "payload nests objects": lambda s, _: _signed(s, b'{"a":' * 400 + b"1" + b"}" * 400),
    "payload is no UTF-8": lambda s, _: _signed(s, b"\xff\xfe\x00"),
    "payload has a key twice": lambda s, b: _signed(s, (json.dumps(b)[:-1] + ', "ver": 9}').encode()),
    "payload holds a JWT": lambda s, b: _signed(s, _signed(s, b).encode(), {"alg": "HS256", "cty": "JWT"}),
    "1 MB": lambda s, b: _signed(s, b | {"pad": "x" * 1_000_000}),
    "10,000 dots": lambda *_: "." * 10_000,
    "4,000 dots": lambda *_: "." * 4_000,
    "five parts": lambda s, b: _signed(s, b) + ".a.b",
    "not ASCII": lambda *_: "eyé.ü.ß",
    "padding": lambda s, b: _signed(s, b) + "====",
    "quoted": lambda s, b: f'"{_signed(s, b)}"',
    "twice": lambda s, b: f"{_signed(s, b)} {_signed(s, b)}",
    "empty": lambda *_: "",
}


async def _ask(person: Person, token: str) -> Response:
    header = b"Bearer " + token.encode("latin-1")
    return await person.client.get("/users/me", headers=[(b"Authorization", header)])  # type: ignore[arg-type]  # bytes


def _refused(answer: Response) -> bool:
    return (answer.status_code, answer.headers.get("WWW-Authenticate")) == (401, "Bearer")


async def test_no_tampering_gets_in_and_none_is_a_fault(app: FastAPI, ada: Person) -> None:
    """Every forged token is 401 with its challenge; the untouched one, signed by the same hand, gets in."""
    settings = app.state.settings
    body = jwt.get_unverified_claims(ada.tokens["access_token"])
    assert (await _ask(ada, _signed(settings, body))).status_code == 200
    answers = {name: await _ask(ada, forge(settings, body)) for name, forge in ATTACKS.items()}
    assert {name: answer.status_code for name, answer in answers.items() if not _refused(answer)} == {}
    assert {answer.json()["code"] for answer in answers.values()} == {"not_signed_in"}


async def test_a_person_and_a_session_belong_together(ada: Person, arrive: Arrive, app: FastAPI) -> None:
    """My id with your session, or yours with mine, is nobody."""
    bob = await arrive("bob")
    mine, yours = (jwt.get_unverified_claims(each.tokens["access_token"]) for each in (ada, bob))
    for body in (mine | {"sid": yours["sid"]}, yours | {"sid": mine["sid"]}):
        assert _refused(await _ask(ada, _signed(app.state.settings, body)))


@pytest.mark.parametrize("scheme", ["", "Bearer", "Basic", "bearer:", "Token", "Negotiate"])
async def test_only_a_bearer_is_heard(ada: Person, scheme: str) -> None:
    """A genuine token under another scheme, or as a parameter of the address, is none."""
    token = ada.tokens["access_token"]
    header = f"{scheme}{token}" if scheme == "Bearer" else f"{scheme} {token}"
    assert _refused(await ada.client.get("/users/me", headers={"Authorization": header}))
    assert _refused(await ada.client.get("/users/me", params={"access_token": token}))


class TestAfterwards:
    """An access token that was good a moment ago is worth nothing once something has happened."""

    @pytest.mark.parametrize(
        "event",
        [
            "update users set token_version = token_version + 1",
            "update users set status = 'deactivated'",
            "update sessions set revoked_at = now()",
            "delete from sessions",
        ],
    )
    async def test_what_happened_to_the_account_counts_at_once(self, app: FastAPI, ada: Person, event: str) -> None:
        """Passwords changed, people deactivated, sessions ended: the next request is 401."""
        assert (await ada.get("/users/me")).status_code == 200
        async with app.state.database.begin() as conn:
            await conn.execute(text(event))
        assert _refused(await ada.get("/users/me"))

    async def test_logout_counts_at_once(self, ada: Person) -> None:
        """A session that was closed is closed."""
        await ada.post("/auth/logout")
        assert _refused(await ada.get("/users/me"))

    async def test_ten_minutes_later_it_has_expired(self, app: FastAPI, ada: Person) -> None:
        """A token from ten minutes ago is 401, and the application has remembered it as genuine in between."""
        claims = tokens.read(app.state.settings, ada.tokens["access_token"])
        old = tokens.issue(app.state.settings, claims, datetime.now(UTC) - timedelta(minutes=10, seconds=1))
        for _ in range(2):
            assert _refused(await _ask(ada, old))
