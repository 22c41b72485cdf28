"""How `reminders up` ends, and what it does when something ends under it."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.running import Up, eventually, words

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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(folder: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end it with 0; API, worker, PostgreSQL and Valkey are gone then, and it says nothing bad."""
    with Up(folder, "--no-demo") as up:
        below = up.signal(number)
        assert len(below) >= 4, below
        assert up.process.wait(30) == 0
        assert gone(below)
        assert "Traceback" not in up.output()
        assert not (folder / "run.json").exists()


def test_killed_it_leaves_no_process(folder: Path) -> None:
    """After kill -9 the kernel ends what it had started."""
    with Up(folder, "--no-demo") as up:
        below = up.signal(signal.SIGKILL)
        assert up.process.wait() == -signal.SIGKILL
        eventually(lambda: gone(below), 15)


def test_two_side_by_side_and_the_second_start_is_quick(folder: Path, tmp_path: Path) -> None:
    """Each has its own servers; one with its cluster made is there in seconds (five on an idle machine)."""
    with Up(tmp_path / "a", "--no-demo") as first, Up(folder, "--no-demo") as second:
        assert first.ready()
        assert second.ready()
        first.stop()
        assert second.ready()
        assert first.start() < 10


def test_what_dies_is_started_again(folder: Path) -> None:
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


def test_what_keeps_dying_ends_it(tmp_path: Path) -> None:
    """A process that cannot start ends all of it with 1 and its own words."""
    up = Up(tmp_path / "data", "--no-demo", settings={"CRASH_POINT": "no such point"})
    with pytest.raises(AssertionError, match="CRASH_POINT=no such point is none of"):
        up.start()
    assert up.process.wait(1) == 1
    assert "3 times within 60 s" in up.output()
