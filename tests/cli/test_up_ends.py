"""How `reminders up` ends, and what it does when something ends under it."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.running import Up, eventually, reminders, words

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that several starts share, one after the other, in one of mode 0700."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    return closed / "data"


def gone(processes: dict[int, str]) -> bool:
    """Whether none of some processes runs any more."""
    return all(words(pid) != line for pid, line in processes.items())


def ends(up: Up, number: signal.Signals) -> None:
    """Ask it to end, which it does with 0: API, worker, PostgreSQL and Valkey are gone, and it says nothing bad."""
    below = up.signal(number)
    assert len(below) >= 4, below
    assert up.process.wait(30) == 0
    assert gone(below)
    assert "Traceback" not in up.output()
    assert not (up.folder / "run.json").exists()


def test_what_dies_is_started_again_until_sigterm_stops_everything(folder: Path) -> None:
    """Worker and database killed: both are said to be started again, and the API is ready again by itself."""
    with Up(folder, "--no-demo") as up:
        worker = up.child("cli.main worker")
        os.kill(worker, signal.SIGKILL)
        eventually(lambda: "worker was killed by SIGKILL and is started again" in up.output())
        os.kill(up.child("bin/postgres -D"), signal.SIGKILL)
        eventually(lambda: "postgres has died and is started again" in up.output())
        eventually(up.ready)
        eventually(lambda: bool(up.children("cli.main worker") - {worker}))
        assert up.process.poll() is None
        ends(up, signal.SIGTERM)


def test_the_demo_is_there_where_strangers_are_not_let_in(folder: Path) -> None:
    """Where nobody registers and mailboxes must be proven, the demo people are made as operators make accounts."""
    closed = {"REGISTRATION": "closed", "EMAIL_VERIFICATION": "required", "SECRET_KEY": "of another shell" * 2}
    with Up(folder, settings=closed) as up:
        eventually(lambda: "Ctrl-C stops" in up.output())
        assert "Demo    demo@example.com, password " in up.output()
        up.client.sign_in("demo@example.com", (folder / "demo-password").read_text())
        assert up.client.get("/api/v1/users/me")["is_operator"]
        # Who looks from another shell looks with the keys of what runs.
        status = reminders(folder, "secrets", "status", DATA_DIR=str(folder))
        assert (status.returncode, "(SECRET_KEY)" in status.stdout) == (0, True), status.stdout


def test_two_run_side_by_side_and_end_without_a_trace(folder: Path, tmp_path: Path) -> None:
    """Each has its own servers; after Ctrl-C one is there again in seconds, and kill -9 leaves no process either."""
    with Up(folder, "--no-demo") as first, Up(tmp_path / "b", "--no-demo") as second:
        assert first.ready()
        assert second.ready()
        ends(first, signal.SIGINT)
        assert second.ready()
        # Five on an idle machine, because its cluster is made.
        assert first.start() < 10
        below = first.signal(signal.SIGKILL)
        assert first.process.wait() == -signal.SIGKILL
        eventually(lambda: gone(below), 15)


def test_what_keeps_dying_ends_it(folder: Path) -> None:
    """A process that cannot start ends all of it with 1 and its own words."""
    up = Up(folder, "--no-demo", settings={"CRASH_POINT": "no such point"})
    with pytest.raises(AssertionError, match="CRASH_POINT=no such point is none of"):
        up.start()
    assert up.process.wait(1) == 1
    assert "3 times within 60 s" in up.output()
