"""`reminders schedules recompute`, also with zone data of another version in the process itself."""

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest

from cli import recomputing
from models import reminders
from schedules import zones
from tests.cli.running import ROOT
from tests.cli.running import reminders as run
from tests.cli.verbs import run_verb
from tests.fixtures.zone_data import DAILY, LONG_AGO, NINE, NINE_BEFORE, Before

pytestmark = pytest.mark.processes

COMMAND = ("schedules", "recompute")
# By both rules these run on the hour, so that one that is carried over twice is seen.
OFFICE = DAILY | {"expression": "0 9-17 * * *"}
MANY = """
insert into reminders (team_id, created_by, message, schedule, next_run_at, created_at, updated_at)
select :team, :user, 'Water the plants', cast(:schedule as jsonb), :at, :ago, :ago from generate_series(1, :number)
"""


async def many(before: Before, number: int) -> None:
    """Add many reminders that were planned for nine o'clock."""
    key = {"team": before.team_id, "user": before.user_id, "schedule": json.dumps(OFFICE)}
    await before.rows.execute(MANY, **key, at=NINE_BEFORE, ago=LONG_AGO, number=number)


async def test_the_report_is_for_people(before: Before, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what would be done, then does it, and says what to do next."""
    reminder_id, settings = await before.reminder(), before.rows.settings
    tried = await run_verb(recomputing.run, settings, capsys, dry_run=True, as_json=False)
    done = await run_verb(recomputing.run, settings, capsys, dry_run=False, as_json=False)
    again = await run_verb(recomputing.run, settings, capsys, dry_run=False, as_json=False)
    assert [code for code, _ in (tried, done, again)] == [0, 0, 0]
    assert f"{reminder_id}  2040-01-10T09:00:00Z -> 2040-01-10T08:00:00Z" in tried[1]
    assert tried[1].endswith("Run it without --dry-run to write this.\n")
    assert done[1].splitlines()[0] == f"tzdata {zones.VERSION}: 1 reminders looked at, 1 moved."
    assert again[1].startswith(f"tzdata {zones.VERSION}: 1 reminders looked at, 0 moved.")
    assert await before.next_run_at(reminder_id) == NINE


async def test_the_report_is_for_programs(before: Before, database_url: str, tmp_path: Path) -> None:
    """One JSON object on standard output, and 1 when something had to be left out."""
    await before.reminder()
    broken = await before.reminder({"kind": "nonsense", "timezone": "Europe/Berlin"})
    done = run(tmp_path, *COMMAND, "--json", DATABASE_URL=database_url)
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["tzdata"], told["looked_at"], told["moved"]) == (zones.VERSION, 2, 1)
    assert told["unreadable_ids"] == [str(broken)]
    assert "reminder.poisoned" in done.stderr


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    """As every command does: one sentence, and the code for settings that are wrong."""
    done = run(tmp_path, *COMMAND)
    assert done.returncode == 2
    assert "there is no database to work on" in done.stderr


async def test_killed_in_the_middle_it_goes_on_from_there(before: Before, database_url: str, tmp_path: Path) -> None:
    """What was done before the kill is not carried over a second time, and the report tells of both parts."""
    await many(before, 1_200)
    killed = run(tmp_path, *COMMAND, DATABASE_URL=database_url, CRASH_POINT="recompute:mid_batch")
    assert killed.returncode == -9
    moved = [row.next_run_at for row in await before.rows.all(reminders)].count(NINE)
    assert moved == 500
    done = run(tmp_path, *COMMAND, "--json", DATABASE_URL=database_url)
    assert {row.next_run_at for row in await before.rows.all(reminders)} == {NINE}
    assert json.loads(done.stdout)["moved"] == 1_200


@pytest.fixture
def other_data(tmp_path: Path) -> Path:
    """A copy of the package tzdata in a later version, in which Berlin has London's clocks."""
    folder = tmp_path / "other"
    package = folder / "tzdata"
    shutil.copytree(str(resources.files("tzdata")), package)
    shutil.copyfile(package / "zoneinfo" / "Europe" / "London", package / "zoneinfo" / "Europe" / "Berlin")
    words = (package / "__init__.py").read_text(encoding="utf-8")
    (package / "__init__.py").write_text(words.replace(zones.VERSION, "2099a"), encoding="utf-8")
    return folder


async def test_a_sweep_with_new_data_plans_anew(
    before: Before, database_url: str, other_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planned by today's data and swept by tomorrow's: Berlin moves, Tokyo stays, and the version is kept."""
    today = {"dry_run": False, "as_json": False}
    await run_verb(recomputing.run, before.rows.settings, capsys, **today)
    berlin = await before.reminder(next_run_at=NINE)
    tokyo = await before.reminder(DAILY | {"timezone": "Asia/Tokyo"}, next_run_at=NINE)
    tomorrow = f"{other_data}:{ROOT}"
    swept = run(tmp_path, "sweep", "--once", DATABASE_URL=database_url, PYTHONPATH=tomorrow)
    assert swept.returncode == 0, swept.stderr
    assert "schedules.recomputed" in swept.stdout
    assert [await before.next_run_at(each) for each in (berlin, tokyo)] == [NINE_BEFORE, NINE]
    # A process with the older data, as while versions are rolled out, leaves that alone.
    run(tmp_path, "sweep", "--once", DATABASE_URL=database_url)
    assert await before.next_run_at(berlin) == NINE_BEFORE
    assert (await run_verb(recomputing.run, before.rows.settings, capsys, **today))[0] == 0
    assert await before.next_run_at(berlin) == NINE
