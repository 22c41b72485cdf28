"""`reminders up`, once started, as a person meets it."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.cli.running import ROOT, Up, eventually, reminders

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One that runs, below a folder with a space in its name."""
    with Up(tmp_path_factory.mktemp("up") / "my data") as up:
        yield up


def page(up: Up, path: str) -> tuple[int, str]:
    """Return status and text of a page."""
    connection = HTTPConnection("127.0.0.1", up.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def demo_password(up: Up) -> str:
    """Return the password that it printed."""
    return up.output().split("password ", 1)[1].split()[0]


def test_it_tells_where_it_is_and_is_there(up: Up) -> None:
    """The welcome names the pages, and each of them answers."""
    assert f"http://127.0.0.1:{up.port}/mail" in up.output()
    assert {path: page(up, path)[0] for path in ("/", "/docs", "/redoc", "/mail", "/readyz")} == dict.fromkeys(
        ("/", "/docs", "/redoc", "/mail", "/readyz"), 200
    )


def test_a_reminder_arrives_at_the_mail_page(up: Up) -> None:
    """Who signs in with the demo login and makes a reminder that is due sees it at /mail."""
    up.client.sign_in("demo@example.com", demo_password(up))
    schedule = {"kind": "once", "at": datetime.now(UTC).isoformat(timespec="seconds")}
    up.client.post("/api/v1/reminders", {"message": "Feed the heron", "schedule": schedule})
    eventually(lambda: "Feed the heron" in page(up, "/mail")[1])
    assert "mail   | Feed the heron, to demo@example.com" in up.output()


@pytest.mark.skipif(not shutil.which("curl"), reason="the lines to try are for curl")
def test_the_lines_to_try_work_as_printed(up: Up) -> None:
    """Pasted into a shell, they make a reminder that arrives."""
    lines = up.output().split("To make one yourself:\n", 1)[1].split("\nCtrl-C", 1)[0]
    subprocess.run(["sh", "-euc", lines], check=True, capture_output=True, timeout=30)
    eventually(lambda: "Drink some water" in page(up, "/mail")[1])
    assert page(up, "/mail")[1].count("Drink some water") == 1


@pytest.mark.skipif(not shutil.which("curl"), reason="the lines to try are for curl")
def test_the_first_calls_of_the_readme_work(up: Up) -> None:
    """Each of them succeeds, and the reminder that was due has its delivery."""
    block = (ROOT / "README.md").read_text().split("## First calls", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    lines = block.replace("127.0.0.1:8000", f"127.0.0.1:{up.port}").replace("curl -s ", "curl -sS --fail ")
    done = subprocess.run(["sh", "-euc", lines], check=True, capture_output=True, text=True, timeout=30)
    assert '"description":"Every weekday at 09:00 (Europe/Berlin)"' in done.stdout
    assert '"channel":"email"' in done.stdout


def test_the_demo_waits_a_minute_ahead(up: Up) -> None:
    """The demo team has two members and a reminder that is due within a minute of the start."""
    up.client.sign_in("demo@example.com", demo_password(up))
    team = next(team for team in up.client.get("/api/v1/teams")["items"] if team["name"] == "Demo team")
    assert len(up.client.get(f"/api/v1/teams/{team['id']}/members")["items"]) == 2
    [reminder] = up.client.get(f"/api/v1/teams/{team['id']}/reminders")["items"]
    made, due = (datetime.fromisoformat(at) for at in (reminder["created_at"], reminder["schedule"]["at"]))
    assert timedelta(seconds=30) < due - made <= timedelta(minutes=1)


def test_other_commands_find_it(up: Up, tmp_path: Path) -> None:
    """Without any setting but DATA_DIR, a sweep works on its database."""
    done = reminders(tmp_path, "sweep", "--once", DATA_DIR=str(up.folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "reminders fired" in done.stdout


def test_a_folder_runs_once(up: Up, tmp_path: Path) -> None:
    """A second one on the same folder is refused, and told where the first is."""
    done = reminders(tmp_path, "up", "--data", str(up.folder))
    assert done.returncode == 1
    assert f"already at http://127.0.0.1:{up.port}" in done.stderr


def test_a_port_in_use_is_named(up: Up, tmp_path: Path) -> None:
    """On a port that is taken, `up` and `api` say so in one line."""
    for words in (("up", "--data", str(tmp_path / "other")), ("api",)):
        done = reminders(tmp_path, *words, "--port", str(up.port))
        assert done.returncode == 1
        assert done.stderr.startswith(f"reminders: port {up.port} is in use; choose another one")
        assert len(done.stderr.splitlines()) == 1


def test_secrets_are_for_their_owner_only(up: Up) -> None:
    """What opens the accounts and the addresses can be read by nobody else."""
    names = ("secret-key", "demo-password", "run.json")
    assert {name: oct((up.folder / name).stat().st_mode & 0o777) for name in names} == dict.fromkeys(names, "0o600")
