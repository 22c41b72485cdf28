"""Every POST of the OpenAPI document may be repeated under one key: it is done once, and answered again."""

import asyncio
from base64 import b32decode
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select

from core.work import begin
from crud import proofs
from crud.email_changes import OLD
from models import email_changes
from routers import api_routers
from routers.door import WITHOUT_KEY, IdempotentRoute
from tests.api.stage import Stage, asked, furnish
from tests.fixtures.api import PASSWORD
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Fire
from tests.matrix.operations import Operation, operations
from tests.matrix.policy import POLICY
from tests.matrix.traces import differences, rows

# What ends or changes what others need is tried last.
LAST = (
    "", "acknowledge_occurrence", "acknowledge_reminder", "pause_reminder", "change_reminders", "deactivate_person",
    "activate_person", "transfer_team", "leave_team",
)  # fmt: skip
# What takes another request before it, and is shown below.
PREPARED = {"confirm_email_change", "confirm_totp", "renew_recovery_codes"}


@pytest.fixture
async def stage(app: FastAPI, arrive: Arrive, fire: Fire) -> Stage:
    """A team with one of everything."""
    return await furnish(app, arrive, fire)


def test_every_post_takes_a_key_or_says_why_not() -> None:
    """Each POST is on a route that keeps answers and is documented so, or stands in the table with a reason."""
    routes = [route for router in api_routers for route in router.routes if isinstance(route, APIRoute)]
    posts = {route.name: route for route in routes if "POST" in (route.methods or ())}
    assert posts.keys() >= WITHOUT_KEY.keys()
    assert {name for name, route in posts.items() if not isinstance(route, IdempotentRoute)} <= WITHOUT_KEY.keys()
    for name, operation in operations().items():
        if operation.method == "POST":
            headers = {each["name"] for each in operation.parameters if each["in"] == "header"}
            assert ("Idempotency-Key" in headers) is (name not in WITHOUT_KEY), name


async def test_each_is_done_once(stage: Stage) -> None:
    """Sent three times at once and then again: one effect, the same answer; the key is for no other request."""
    tried = (each for each in asked("POST") if each.id not in WITHOUT_KEY and each.id not in PREPARED)
    posts = sorted(tried, key=_when)
    problems = {each.id: found for each in posts if (found := await _problem(stage, each))}
    assert problems == {}
    assert len(posts) > 40


async def test_what_takes_another_request_before_it_is_done_once(stage: Stage) -> None:
    """So are the confirmation of a second factor, its new recovery codes, and the change of a mail address."""
    found = operations()
    secret = (await stage.send(found["set_up_totp"])).json()["secret"]
    now = int(datetime.now(UTC).timestamp())
    for id_, at in (("confirm_totp", now), ("renew_recovery_codes", now + 30)):
        code = TOTP(b32decode(secret), 6, SHA1(), 30).generate(at).decode()
        stage.bodies[id_] = {"code": code} | ({"password": PASSWORD} if id_ == "renew_recovery_codes" else {})
        assert await _problem(stage, found[id_]) is None, id_
    await stage.send(found["change_email"])
    async with begin(stage.app.state.database) as work:
        change = (await work.conn.execute(select(email_changes))).one()
        token = await proofs.make(work, OLD, user_id=change.user_id, about=change.id)
    stage.bodies["confirm_email_change"] = {"token": token}
    assert await _problem(stage, found["confirm_email_change"]) is None


def _when(operation: Operation) -> int:
    return LAST.index(operation.id) if operation.id in LAST else 0


async def _problem(stage: Stage, operation: Operation) -> Any:
    """Return what is wrong with repeating an operation, None if nothing is."""
    key = {"Idempotency-Key": operation.id}
    first = await asyncio.gather(*(stage.send(operation, key) for _ in range(3)))
    done = [answer for answer in first if answer.status_code < 300]
    running = [answer for answer in first if answer.status_code == 409 and "idempotency_key_in_use" in answer.text]
    if not done or len(done) + len(running) < len(first):
        return [answer.text for answer in first]
    before = await rows(stage.app.state.database)
    again = await stage.send(operation, key)
    changed = differences(before, await rows(stage.app.state.database))
    if changed or again.headers.get("Idempotent-Replayed") != "true":
        return changed, again.text
    if {(answer.status_code, answer.content) for answer in done} != {(again.status_code, again.content)}:
        return [answer.text for answer in (*done, again)]
    return await _other(stage, operation, key)


async def _other(stage: Stage, operation: Operation, key: dict[str, str]) -> Any:
    # To a stranger, a key belongs to the whole request.
    if POLICY[operation.id].door == "open":
        return None
    other = await stage.send(operation, key, blank=True)
    refused = (other.status_code, other.json().get("code")) == (422, "idempotency_key_reused")
    return None if refused else other.text
