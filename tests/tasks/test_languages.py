"""Everybody reads what reaches them in their own language, from the row to the mail."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.settings import Settings
from schedules import plan
from tasks.engine import Engine, open_engine
from tests.fakes.smtp_server import FakeSmtp
from tests.fixtures.rows import Rows

ADA, BEA, DESK = "ada@example.com", "bea@example.com", "desk@example.com"


@pytest.fixture
async def mail_server() -> AsyncIterator[FakeSmtp]:
    """A mail server."""
    async with FakeSmtp() as server:
        yield server


@pytest.fixture
async def engine(settings: Settings, mail_server: FakeSmtp) -> AsyncIterator[Engine]:
    """An engine without a queue, whose mails go there."""
    given = {"smtp_host": mail_server.host, "smtp_port": mail_server.port, "smtp_tls": "none"}
    async with open_engine(Settings(_env_file=None, **(settings.model_dump() | given))) as engine:
        yield engine


async def team_of_two(rows: Rows, schedule: dict[str, Any]) -> None:
    """Write a reminder, due an hour ago, to a German, to somebody who has not said, and to an address of the team."""
    bea, ada = await rows.person(locale="de"), await rows.person()
    for user_id, value in ((bea, BEA), (ada, ADA)):
        await rows.address(value, user_id=user_id)
    team_id = await rows.team(bea, ada, timezone="Europe/Berlin")
    desk = [await rows.address(DESK, team_id=team_id)]
    now = datetime.now(UTC).replace(microsecond=0)
    stored = plan.save(schedule, now=now - timedelta(days=8), timezone="Europe/Berlin")
    due = {"next_run_at": now - timedelta(hours=1), "max_lateness": timedelta(hours=2)}
    await rows.reminder(team_id, bea, schedule=stored, audience_kind="team", audience_address_ids=desk, **due)


async def read(engine: Engine, server: FakeSmtp) -> dict[str, str]:
    """Send what is due, and return what each recipient reads."""
    await engine.sweep_once()
    assert len(server.messages) == 3
    bodies = {mail.recipients[0]: mail.parsed.get_body(("plain",)) for mail in server.messages}
    return {to: body.get_content().replace("\r\n", "\n") for to, body in bodies.items() if body}


async def test_each_member_reads_their_language(rows: Rows, engine: Engine, mail_server: FakeSmtp) -> None:
    """Of one reminder, the German reads German, and everybody else English: time, rule and notice."""
    await team_of_two(rows, {"kind": "cron", "expression": "0 9 * * MON-FRI"})
    said = await read(engine, mail_server)
    for part in ("Fällig: ", "Jeden Werktag um 09:00 (Europe/Berlin)\n", "Team:   Accounting", "Das kommt verspätet: "):
        assert part in said[BEA]
    for reader in (ADA, DESK):
        for part in ("Due:  ", "Every weekday at 09:00 (Europe/Berlin)\n", "Team: Accounting", "This is late: "):
            assert part in said[reader]


async def test_what_comes_once_has_no_rule(rows: Rows, engine: Engine, mail_server: FakeSmtp) -> None:
    """A single reminder shows its time, and the team on the very next line."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    await team_of_two(rows, {"kind": "once", "at": at.isoformat()})
    said = await read(engine, mail_server)
    assert [line[:5] for line in said[BEA].splitlines()[2:4]] == ["Fälli", "Team:"]
    assert [line[:5] for line in said[ADA].splitlines()[2:4]] == ["Due: ", "Team:"]
