"""Idempotency-Key on reminders: the same request has one effect, and one answer."""

import asyncio

from fastapi import FastAPI
from sqlalchemy import text

from crud.idempotency import Attempt
from tests.fixtures.reminders import Crowd, once


async def test_a_repetition_gets_the_first_answer(crowd: Crowd) -> None:
    """The same key and body give the same reminder, marked as a replay, and create nothing."""
    body, headers = once(), {"Idempotency-Key": "first"}
    first = await crowd.member.post(crowd.reminders, json=body, headers=headers)
    second = await crowd.member.post(crowd.reminders, json=body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert len((await crowd.member.get(crowd.reminders)).json()["items"]) == 1


async def test_a_key_is_for_one_request(crowd: Crowd) -> None:
    """The same key with another body is refused; another person's key is another key."""
    headers = {"Idempotency-Key": "one"}
    await crowd.member.post(crowd.reminders, json=once(), headers=headers)
    again = await crowd.member.post(crowd.reminders, json=once(message="Other"), headers=headers)
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
    other = await crowd.admin.post(crowd.reminders, json=once(message="Other"), headers=headers)
    assert other.status_code == 201


async def test_a_request_that_still_runs(crowd: Crowd, app: FastAPI) -> None:
    """While the first request with a key runs, its repetition is told so with 409."""
    user = crowd.member.user["id"]
    async with app.state.database.connect() as running:
        found = await running.execute(text("select cast(:id as uuid)"), {"id": user})
        lock = Attempt("busy", b"", str(found.scalar_one())).lock
        await running.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})
        answer = await crowd.member.post(crowd.reminders, json=once(), headers={"Idempotency-Key": "busy"})
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_use")
        await running.rollback()
    again = await crowd.member.post(crowd.reminders, json=once(), headers={"Idempotency-Key": "busy"})
    assert again.status_code == 201


async def test_a_refusal_may_be_tried_again(crowd: Crowd) -> None:
    """A refused request leaves its key free, because it had no effect."""
    headers = {"Idempotency-Key": "twice"}
    refused = await crowd.member.post(crowd.reminders, json=once(message=""), headers=headers)
    made = await crowd.member.post(crowd.reminders, json=once(), headers=headers)
    assert (refused.status_code, made.status_code) == (422, 201)


async def test_many_at_once_have_one_effect(crowd: Crowd) -> None:
    """Of many simultaneous repetitions each answers with the one reminder, or that it still runs."""
    body, headers = once(), {"Idempotency-Key": "herd"}
    answers = await asyncio.gather(*(crowd.member.post(crowd.reminders, json=body, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len((await crowd.member.get(crowd.reminders)).json()["items"]) == 1


async def test_verbs_heed_the_key(crowd: Crowd) -> None:
    """Skipping twice under one key skips once."""
    schedule = {"kind": "interval", "every": "PT1H"}
    made = (await crowd.member.post(crowd.reminders, json=once(schedule=schedule))).json()
    path, headers = f"/reminders/{made['id']}/skip", {"Idempotency-Key": "skip"}
    answers = [(await crowd.member.post(path, headers=headers)).json()["next_run_at"] for _ in range(2)]
    assert answers == [made["next_occurrences"][1]["at"]] * 2
