"""Second factors: switched on by a code, asked for at every sign-in, lost and recovered, switched off."""

import asyncio
import time
from base64 import b32decode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select, text

from core.settings import Settings
from core.work import begin
from crud import totp as second_factor
from crud.limits import Bucket
from crud.logins import OPENED
from models import audit_log, letters, limits, recovery_codes, totp
from tests.fixtures.api import PASSWORD, Person, Register


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an app shows now, or some steps later."""
    return TOTP(b32decode(secret), 6, SHA1(), 30).generate(int(time.time()) + 30 * steps).decode()


@dataclass
class Careful:
    """Somebody with a second factor."""

    person: Person
    secret: str
    codes: list[str]
    app: FastAPI

    async def sign_in(self, code: str | None = None, password: str = PASSWORD) -> Response:
        """Sign in with a code."""
        form = {"username": self.person.user["email"], "password": password} | ({"totp": code} if code else {})
        return await self.person.client.post("/auth/token", data=form)

    async def change(self, statement: str) -> None:
        """Change rows behind the application's back."""
        async with self.app.state.database.begin() as conn:
            await conn.execute(text(statement))


@pytest.fixture
async def careful(app: FastAPI, register: Register) -> Careful:
    """Somebody who has switched a second factor on."""
    ada = await register()
    made = (await ada.post("/auth/totp", json={"password": PASSWORD})).json()
    confirmed = await ada.post("/auth/totp/confirm", json={"code": code_of(made["secret"])})
    assert confirmed.status_code == 200, confirmed.text
    someone = Careful(ada, made["secret"], confirmed.json()["recovery_codes"], app)
    # The code of the confirmation is long ago.
    await someone.change("update totp set last_step = 0")
    return someone


async def _all(app: FastAPI, statement: Any) -> list[Any]:
    async with app.state.database.connect() as conn:
        return list((await conn.execute(statement)).all())


async def _kinds(app: FastAPI) -> list[str]:
    return [row.kind for row in await _all(app, select(letters.c.kind).order_by(letters.c.id))]


async def test_it_is_asked_for_only_once_it_is_confirmed(app: FastAPI, register: Register) -> None:
    """Setting up alone changes nothing; a wrong code confirms nothing; a right one switches it on."""
    ada = await register()
    wrong = await ada.post("/auth/totp", json={"password": "wrong horse"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    assert (await ada.post("/auth/totp/confirm", json={"code": "123456"})).json()["code"] == "totp_not_on"
    secret = (await ada.post("/auth/totp", json={"password": PASSWORD})).json()["secret"]
    assert (await ada.get("/auth/totp")).json()["enabled"] is False
    refused = await ada.post("/auth/totp/confirm", json={"code": code_of(secret, 5)})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_totp")
    on = await ada.post("/auth/totp/confirm", json={"code": code_of(secret)})
    assert len(set(on.json()["recovery_codes"])) == 10
    assert (await ada.get("/auth/totp")).json()["recovery_codes_left"] == 10
    again = await ada.post("/auth/totp", json={"password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "totp_already_on")
    assert await _kinds(app) == ["totp_on"]


async def test_nothing_readable_is_at_rest(careful: Careful) -> None:
    """The secret is sealed and the recovery codes are hashed."""
    [row] = await _all(careful.app, select(totp.c.sealed_secret))
    assert row.sealed_secret.startswith("v1.")
    assert careful.secret not in row.sealed_secret
    kept = {bytes(row.code_hash).hex() for row in await _all(careful.app, select(recovery_codes.c.code_hash))}
    assert {len(each) for each in kept} == {64}


async def test_signing_in_takes_both(careful: Careful) -> None:
    """A right password alone is told what is missing, a wrong one never; a right code gets in."""
    missing, wrong = await careful.sign_in(), await careful.sign_in("000000", "wrong horse")
    assert (missing.status_code, missing.json()["code"]) == (401, "totp_required")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert missing.headers["WWW-Authenticate"] == "Bearer"
    assert (await careful.sign_in(code_of(careful.secret, 5))).json()["code"] == "invalid_totp"
    assert (await careful.sign_in(code_of(careful.secret))).status_code == 200


async def test_a_code_works_once(careful: Careful) -> None:
    """Of many with the same code at the same moment one gets in, and an older one is void as well."""
    code, older = code_of(careful.secret), code_of(careful.secret, -1)
    answers = await asyncio.gather(*(careful.sign_in(code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert (await careful.sign_in(older)).json()["code"] == "invalid_totp"


async def test_wrong_codes_are_slowed_down(careful: Careful) -> None:
    """Whoever guesses codes with a right password has to wait, even with a right one, up to a quarter of an hour."""
    assert [(await careful.sign_in("000000")).status_code for _ in range(6)] == [401] * 6
    assert (await careful.sign_in(code_of(careful.secret))).status_code == 429
    await careful.change("update limits set level = level + 20, blocked_until = now()")
    assert (await careful.sign_in("000000")).status_code == 401
    # What is left is the limit of the codes alone.
    await careful.change(
        "update limits set level = 0, blocked_until = now() where blocked_until < now() + interval '2 min'"
    )
    waiting = await careful.sign_in(code_of(careful.secret))
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "900")


async def test_a_password_alone_uses_up_nothing_of_the_owners(careful: Careful, settings: Settings) -> None:
    """Sessions are counted when they are opened, so that wrong codes from anywhere keep nobody out."""
    opened = Bucket("login/opened", careful.person.user["id"], OPENED, timedelta(hours=1)).hash(settings)
    before = [row.level for row in await _all(careful.app, select(limits).where(limits.c.key_hash == opened))]
    assert (await careful.sign_in("000000")).json()["code"] == "invalid_totp"
    after = await _all(careful.app, select(limits).where(limits.c.key_hash == opened))
    assert [row.level for row in after] == before == [1.0]


async def test_a_recovery_code_works_once_and_is_told(careful: Careful) -> None:
    """Whoever has lost the app gets in with a recovery code, as it is typed; once; and the owner gets a mail."""
    code = careful.codes[3].upper().replace("-", " ")
    answers = await asyncio.gather(*(careful.sign_in(code) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]
    assert (await careful.person.get("/auth/totp")).json()["recovery_codes_left"] == 9
    assert await _kinds(careful.app) == ["totp_on", "recovery_code_used"]
    noted = await _all(careful.app, select(audit_log.c.action).where(audit_log.c.action.like("totp.%")))
    assert [row.action for row in noted] == ["totp.enabled", "totp.recovery_code_used"]


async def test_new_recovery_codes_void_the_former(careful: Careful) -> None:
    """Ten new ones for both factors, and none of the old ones works."""
    body = {"password": PASSWORD, "code": code_of(careful.secret)}
    new = (await careful.person.post("/auth/totp/recovery-codes", json=body)).json()["recovery_codes"]
    assert not set(new) & set(careful.codes)
    assert (await careful.sign_in(careful.codes[0])).status_code == 401
    assert (await careful.sign_in(new[0])).status_code == 200


async def test_switching_off_takes_both_factors(careful: Careful) -> None:
    """A password or a code alone does not do it; afterwards the password is enough, and the owner gets a mail."""
    ada = careful.person
    for password, code, why in (
        ("wrong horse", code_of(careful.secret), "wrong_password"),
        (PASSWORD, "000000", "invalid_totp"),
    ):
        refused = await ada.delete("/auth/totp", json={"password": password, "code": code})
        assert (refused.status_code, refused.json()["code"]) == (422, why)
    body = {"password": PASSWORD, "code": careful.codes[0]}
    assert (await ada.delete("/auth/totp", json=body)).status_code == 204
    assert (await careful.sign_in()).status_code == 200
    assert (await ada.delete("/auth/totp", json=body)).json()["code"] == "totp_not_on"
    assert (await _kinds(careful.app))[-1] == "totp_off"
    assert await _all(careful.app, select(recovery_codes)) == []


async def test_an_operator_lifts_a_lost_one(careful: Careful) -> None:
    """For whoever has lost app and recovery codes it is switched off, once, and they get a mail."""
    ada = UUID(careful.person.user["id"])
    async with begin(careful.app.state.database) as work:
        await second_factor.lift(work, careful.app.state.settings, ada)
        with pytest.raises(second_factor.NotOn):
            await second_factor.lift(work, careful.app.state.settings, ada)
    assert (await careful.sign_in()).status_code == 200
    assert (await _kinds(careful.app))[-1] == "totp_off"
