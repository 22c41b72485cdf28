"""Two creations of the same natural key at the same time, on two connections."""

import asyncio

from fastapi import FastAPI
from sqlalchemy import text

from core.work import Work, begin
from crud import reminders
from crud.access import Actor
from schemas.reminders import ReminderCreate
from tests.fixtures.reminders import KEY, Crowd, once


async def test_the_second_waits_and_gets_the_first(crowd: Crowd, app: FastAPI) -> None:
    """A creation that meets an uncommitted one waits for it, and is answered with it."""
    async with app.state.database.connect() as conn:
        me = (await conn.execute(text("select cast(:id as uuid)"), {"id": crowd.member.user["id"]})).scalar_one()
    wanted = ReminderCreate.model_validate(once(**KEY))
    async with begin(app.state.database) as first:
        made = await reminders.create(first, Actor(me), None, wanted, own_zone=None)
        second = asyncio.create_task(crowd.member.post("/reminders", json=once(**KEY)))
        done, _ = await asyncio.wait({second}, timeout=0.2)
        assert not done
    answer = await second
    assert (answer.status_code, answer.json()["id"]) == (200, str(made.row["id"]))


async def test_room_again_after_a_rollback(crowd: Crowd, app: FastAPI) -> None:
    """When the first creation does not commit, the one that waited is made."""
    async with app.state.database.connect() as conn:
        me = (await conn.execute(text("select cast(:id as uuid)"), {"id": crowd.member.user["id"]})).scalar_one()
        first = Work(conn, (await conn.execute(text("select now()"))).scalar_one())
        await reminders.create(first, Actor(me), None, ReminderCreate.model_validate(once(**KEY)), own_zone=None)
        second = asyncio.create_task(crowd.member.post("/reminders", json=once(**KEY)))
        await asyncio.wait({second}, timeout=0.2)
        await conn.rollback()
    assert (await second).status_code == 201


async def test_many_creations_make_one(crowd: Crowd) -> None:
    """Of many simultaneous creations one answers 201, the others 200 with the same reminder."""
    bodies = [once(**KEY, message=f"by {n}") for n in range(5)]
    answers = await asyncio.gather(*(crowd.member.post(crowd.reminders, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
