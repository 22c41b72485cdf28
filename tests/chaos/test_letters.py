"""Letters, while the only worker dies with one in hand."""

import asyncio

import pytest

from core.work import begin
from crud import letters
from models import letters as table
from tests.chaos.harness.stage import WORKER, Stage

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

KILLED = -9
POINTS = ("send:before_connect", "send:after_accept", "result:before_commit", "result:after_commit")


async def die_and_recover(stage: Stage, point: str) -> tuple[int, str]:
    """Let the only worker die with a letter in hand, start another; return how many mails came, and how it ended."""
    await stage.rows.person(email="ada@example.com")
    async with begin(stage.rows.db) as work:
        await letters.write(work, stage.settings, "password_reset", "ada@example.com")
    assert await stage.start(WORKER, CRASH_POINT=point).ended(30) == KILLED
    # What the dead one has leased is looked at when the lease ends; nobody has to wait here for the other 25 s.
    await stage.rows.execute("update letters set deliver_at = now() where ended_at is null")
    stage.start(WORKER)
    await stage.until("select count(*) from letters where ended_at is not null", 1)
    [row] = await stage.rows.all(table)
    return len(stage.sinks.smtp.messages), row.status


async def test_a_letter_may_come_twice_and_is_never_lost(several_stages: list[Stage]) -> None:
    """Killed before the mail server accepted: one mail; between its answer and our result: two; after that: one."""
    ends = await asyncio.gather(*map(die_and_recover, several_stages, POINTS))
    assert dict(zip(POINTS, ends, strict=False)) == {
        "send:before_connect": (1, "sent"),
        "send:after_accept": (2, "sent"),
        "result:before_commit": (2, "sent"),
        "result:after_commit": (1, "sent"),
    }
