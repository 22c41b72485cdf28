"""Who has an account is nobody's business: signing in answers and works alike for every address."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from core import passwords
from tests.fixtures.api import PASSWORD
from tests.fixtures.people import Arrive
from tests.security.conftest import SignIn

# Ada has an account; these have none, or one that is not what it was, and may even know its password.
CASES = {
    "wrong password": ("ada@example.com", "wrong horse"),
    "unknown": ("nobody@example.com", PASSWORD),
    "no address": ("\0 nobody", PASSWORD),
    "deactivated": ("gone@example.com", PASSWORD),
    "unverified": ("new@example.com", "wrong horse"),
}


@contextmanager
def _watched(app: FastAPI) -> Iterator[list[str]]:
    """Write down what PostgreSQL is asked, and each hash that is computed."""
    seen: list[str] = []

    def asked(*args: Any) -> None:
        seen.append(args[2])

    engine = app.state.database.sync_engine
    event.listen(engine, "before_cursor_execute", asked)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", asked)


@pytest.fixture(autouse=True)
async def _everybody(app: FastAPI, arrive: Arrive, stored_password: str) -> None:
    """The accounts of the cases."""
    for name in ("gone", "new"):
        await arrive(name)
    async with app.state.database.begin() as conn:
        await conn.execute(text("update users set password_hash = :hash"), {"hash": stored_password})
        await conn.execute(text("update users set status = 'deactivated' where email = 'gone@example.com'"))
        await conn.execute(text("update users set email_verified_at = null where email = 'new@example.com'"))


async def test_every_refusal_is_the_same_answer_after_the_same_work(app: FastAPI, sign_in: SignIn) -> None:
    """Status, body, headers and statements are the same, whoever is asked for."""
    seen = []
    for number, (email, password) in enumerate(CASES.values()):
        with _watched(app) as statements:
            answer = await sign_in(f"198.51.{number}.1", password, form={"username": email})
        own = {"x-request-id", "ratelimit-remaining", "ratelimit-reset"}
        headers = [(name, value) for name, value in answer.headers.items() if name not in own]
        seen.append((answer.status_code, answer.content, headers, list(answer.headers), statements))
    assert seen[0][0] == 401
    assert len(seen[0][4]) == 2
    assert seen == [seen[0]] * len(CASES)


async def test_slowing_down_is_the_same_too(sign_in: SignIn) -> None:
    """Addresses without an account are counted as if they had one."""
    answers = []
    for number, (email, _) in enumerate(CASES.values()):
        form = {"username": email, "password": "wrong horse"}
        several = [await sign_in(f"198.51.{number}.1", form=form) for _ in range(7)]
        answers.append([(each.status_code, each.content, each.headers.get("Retry-After")) for each in several])
    assert [status for status, *_ in answers[0]] == [401] * 6 + [429]
    assert answers == [answers[0]] * len(CASES)


async def test_where_there_is_no_account_a_hash_is_computed_all_the_same() -> None:
    """Under as many attempts as there is room for, unknown accounts keep the hashing as busy as known ones."""
    tries = [asyncio.create_task(passwords.verify("x", None)) for _ in range(3)]
    await asyncio.sleep(0)
    assert passwords._hasher.inside == 3
    assert [(await each)[0] for each in tries] == [False] * 3
