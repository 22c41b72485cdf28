"""`reminders secrets`, as a process."""

import json
from pathlib import Path

import pytest

from tests.cli.running import reminders as run
from tests.fixtures.rows import Rows

pytestmark = pytest.mark.processes
NEW = "n" * 40


async def test_a_rotation_from_start_to_end(rows: Rows, database_url: str, tmp_path: Path) -> None:
    """Status says that it is needed, rotating does it, and then status says what may be dropped and when."""
    await rows.address(user_id=await rows.person(), value_hash=b"of another key")
    old = rows.settings.secret_key.get_secret_value()
    keys = {"DATABASE_URL": database_url, "SECRET_KEY": NEW, "SECRET_KEYS_PREVIOUS": json.dumps([old])}
    before = run(tmp_path, "secrets", "status", "--json", **keys)
    assert before.returncode == 1, before.stderr
    report = json.loads(before.stdout)
    assert (report["left"], report["hashes_differ"], len(report["previous"])) == (1, True, 1)
    done = run(tmp_path, "secrets", "rotate", **keys)
    assert done.returncode == 0, done.stderr
    assert "addresses.sealed_value: 1 sealed anew" in done.stdout
    assert "addresses: 1 hashed anew" in done.stdout
    assert "ten more\nminutes" in done.stdout
    after = run(tmp_path, "secrets", "status", "--json", **keys)
    assert (after.returncode, json.loads(after.stdout)["left"]) == (0, 0)
    assert not [key for key in (old, NEW) if key in done.stdout + done.stderr + after.stdout]
    dropped = run(tmp_path, "secrets", "status", DATABASE_URL=database_url, SECRET_KEY=NEW, HASH_KEY=old)
    assert dropped.returncode == 0
    assert "Nothing depends on a former key." in dropped.stdout


async def test_a_key_that_is_not_known_is_told(rows: Rows, database_url: str, tmp_path: Path) -> None:
    """Rotating without the former key names what it cannot open, and ends with 1."""
    await rows.address(user_id=await rows.person())
    done = run(tmp_path, "secrets", "rotate", DATABASE_URL=database_url, SECRET_KEY=NEW)
    assert done.returncode == 1
    assert "1 cannot be opened" in done.stdout
    assert "a key that is not known here" in done.stdout
