"""The commands one by one: what they say, and that each ends when it is told to."""

import asyncio
import resource
import signal
import subprocess
from pathlib import Path

import asyncpg
import pytest

from cli.client import Client
from tests.cli.running import DEADLINE, command, environment, eventually, free_port, reminders

pytestmark = pytest.mark.processes

MISCONFIGURED = 2


def test_help_is_there_at_once(tmp_path: Path) -> None:
    """`--help` names every command and takes less than 0.3 s of a processor, however busy the machine is."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = reminders(tmp_path, "--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert all(f"\n  {name} " in done.stdout for name in ("up", "migrate", "api", "worker", "sweep"))
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


@pytest.mark.parametrize("name", ["migrate", "api", "worker", "sweep"])
def test_without_a_database_it_says_what_to_do(tmp_path: Path, name: str) -> None:
    """Each command that needs one names `reminders up` and DATABASE_URL."""
    done = reminders(tmp_path, name, *(["--port", "0"] if name == "api" else []))
    assert done.returncode == MISCONFIGURED
    assert "`reminders up`" in done.stderr
    assert "DATABASE_URL=postgresql://" in done.stderr


def test_wrong_settings_are_listed_by_name(tmp_path: Path) -> None:
    """All of them at once, without what was given, which may be secret, and without a traceback."""
    wrong = {"SMTP_PORT": "hunter2", "SECRET_KEY": "hunter3", "OUTBOUND_ALLOW_CIDRS": '["10.0.0.0/8"]'}
    done = reminders(tmp_path, "worker", **wrong)
    assert done.returncode == MISCONFIGURED
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]] == ["SECRET_KEY", "SMTP_PORT"]
    assert "hunter" not in done.stderr


def test_a_list_that_is_none_is_named(tmp_path: Path) -> None:
    """OUTBOUND_ALLOW_CIDRS is JSON."""
    done = reminders(tmp_path, "worker", OUTBOUND_ALLOW_CIDRS="10.0.0.0/8")
    assert (done.returncode, done.stderr.splitlines()[1]) == (MISCONFIGURED, "  OUTBOUND_ALLOW_CIDRS: this is not JSON")


def test_production_needs_real_servers(tmp_path: Path) -> None:
    """ENVIRONMENT=production names what is missing, and `up` has no place there."""
    done = reminders(tmp_path, "up", ENVIRONMENT="production")
    assert done.returncode == MISCONFIGURED
    assert "needs DATABASE_URL, REDIS_URL, SECRET_KEY" in done.stderr


def test_an_unreachable_database_is_told_from_a_wrong_one(tmp_path: Path, database_url: str) -> None:
    """Nobody there: 1, as it may pass. No such database: 2, as it will not."""
    away = reminders(tmp_path, "sweep", "--once", DATABASE_URL="postgresql://me@127.0.0.1:1/x")
    assert (away.returncode, "does not answer" in away.stderr) == (1, True)
    wrong = reminders(tmp_path, "worker", DATABASE_URL=database_url.replace("/test_", "/no_test_"))
    assert (wrong.returncode, "does not exist" in wrong.stderr) == (MISCONFIGURED, True)


def test_migrate_makes_a_database_fit(tmp_path: Path, empty_database_url: str) -> None:
    """Before it the other commands name it; again it changes nothing."""
    before = reminders(tmp_path, "sweep", "--once", DATABASE_URL=empty_database_url)
    assert (before.returncode, "run `reminders migrate`" in before.stderr) == (MISCONFIGURED, True)
    assert reminders(tmp_path, "migrate", DATABASE_URL=empty_database_url).stdout.startswith("Migrated to revision ")
    again = reminders(tmp_path, "migrate", DATABASE_URL=empty_database_url)
    assert again.stdout.startswith("The database is at revision ")


@pytest.mark.parametrize("words", [("worker",), ("sweep", "--interval", "1"), ("api",)])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order(
    tmp_path: Path, database_url: str, words: tuple[str, ...], number: signal.Signals
) -> None:
    """SIGTERM and Ctrl-C end a process that works with 0 and without a traceback; Redis need not be there."""
    port = free_port()
    words += ("--port", str(port)) if words == ("api",) else ()
    settings = environment(DATABASE_URL=database_url, REDIS_URL="redis://127.0.0.1:1")
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(command(*words), cwd=tmp_path, env=settings, stdout=output, stderr=subprocess.STDOUT)
    if words[0] == "api":
        eventually(lambda: answers(port))
    else:
        await beaten(database_url)
    process.send_signal(number)
    assert process.wait(20) == 0, log.read_text()
    assert "Traceback" not in log.read_text()


def answers(port: int) -> bool:
    """Whether an API serves on a port."""
    try:
        return bool(Client("127.0.0.1", port).get("/healthz"))
    except OSError:
        return False


async def beaten(database_url: str) -> None:
    """Return when a process has noted that it sweeps."""
    connection = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(DEADLINE):
            while not await connection.fetchval("select count(*) from workers"):
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
