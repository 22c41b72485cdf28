"""`reminders sweep`, the mode of operation that needs nothing but PostgreSQL."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.running import reminders
from tests.fakes.smtp_server import FakeSmtp
from tests.fakes.thread import in_thread
from tests.fixtures.api import Person
from tests.fixtures.reminders import once

pytestmark = pytest.mark.processes


async def test_one_pass_delivers_without_worker_and_redis(signed_in: Person, database_url: str, tmp_path: Path) -> None:
    """What is due is sent before the command ends; a second pass finds nothing."""
    made = await signed_in.post("/reminders", json=once(timedelta(seconds=-1), message="Feed the heron"))
    assert made.status_code == 201
    with in_thread(FakeSmtp()) as smtp:
        mail = {"SMTP_HOST": smtp.host, "SMTP_PORT": str(smtp.port), "SMTP_TLS": "none"}
        passes = [reminders(tmp_path, "sweep", "--once", "--json", DATABASE_URL=database_url, **mail) for _ in "12"]
        assert [mail.parsed["subject"] for mail in smtp.messages] == ["Feed the heron"]
    told = [json.loads(done.stdout.splitlines()[-1]) for done in passes]
    assert [(each["reminders"], each["channels"]) for each in told] == [(1, ["email"]), (0, [])]
