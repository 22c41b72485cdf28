"""`reminders secrets`, as a process where it changes something, else by its verbs."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from cli import resealing
from tests.cli.running import reminders as run
from tests.cli.verbs import run_verb
from tests.fixtures.rows import Rows

NEW = "n" * 40


@pytest.mark.processes
async def test_a_rotation_from_start_to_end(
    rows: Rows, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status says that it is needed, rotating does it, and then status says what may be dropped and when."""
    await rows.address(user_id=await rows.person(), value_hash=b"of another key")
    old, new = rows.settings.secret_key, SecretStr(NEW)
    settings = rows.settings.model_copy(update={"secret_key": new, "secret_keys_previous": [old]})
    code, before = await run_verb(resealing.status, settings, capsys, as_json=True)
    report = json.loads(before)
    assert (code, report["left"], report["hashes_differ"], len(report["previous"])) == (1, 1, True, 1)
    keys = {"SECRET_KEY": NEW, "SECRET_KEYS_PREVIOUS": json.dumps([old.get_secret_value()])}
    done = run(tmp_path, "secrets", "rotate", DATABASE_URL=database_url, **keys)
    assert done.returncode == 0, done.stderr
    assert "addresses.sealed_value: 1 sealed anew" in done.stdout
    assert "addresses: 1 hashed anew" in done.stdout
    assert "ten more\nminutes" in done.stdout
    code, after = await run_verb(resealing.status, settings, capsys, as_json=True)
    assert (code, json.loads(after)["left"]) == (0, 0)
    assert not [key for key in (old.get_secret_value(), NEW) if key in done.stdout + done.stderr + after]
    dropped = rows.settings.model_copy(update={"secret_key": new, "hash_key": old})
    code, told = await run_verb(resealing.status, dropped, capsys, as_json=False)
    assert (code, "Nothing depends on a former key." in told) == (0, True)


async def test_a_key_that_is_not_known_is_told(rows: Rows, capsys: pytest.CaptureFixture[str]) -> None:
    """Rotating without the former key names what it cannot open, and ends with 1."""
    await rows.address(user_id=await rows.person())
    settings = rows.settings.model_copy(update={"secret_key": SecretStr(NEW)})
    code, told = await run_verb(resealing.rotate, settings, capsys, as_json=False)
    assert code == 1
    assert "1 cannot be opened" in told
    assert "a key that is not known here" in told
