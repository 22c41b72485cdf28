"""Identifiers, instants, waits and plugs."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core.backoff import CAP, CAP_EARLY, backoff
from core.clock import ceil_second, iso, to_utc
from core.ids import uuid7
from core.plugs import BrokenPlug, load_plugs

AT = datetime(2026, 11, 27, 16, tzinfo=timezone(timedelta(hours=1)))


def test_elapsed_time_counts_what_a_suspended_machine_sleeps() -> None:
    """In a time namespace that says it slept for an hour, the monotonic clock knows nothing of it, and ours does."""
    asked = "import time; from core.clock import elapsed_seconds; print(elapsed_seconds() - time.monotonic())"
    asleep = ["unshare", "-U", "-r", "-T", "--boottime", "3600"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*asleep, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("this system has no time namespaces for us")
    root = Path(__file__).parents[2]
    done = subprocess.run([*asleep, sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=True)
    assert round(float(done.stdout)) == 3600


def test_identifiers_grow_with_time() -> None:
    """UUIDv7: version and variant as RFC 9562 has them, milliseconds first, never twice."""
    made = [uuid7() for _ in range(1000)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
    assert len(set(made)) == 1000


def test_instants_are_whole_seconds_rounded_up() -> None:
    """What is due in the middle of a second is due at its end; a whole second stays."""
    assert ceil_second(AT) == AT
    assert ceil_second(AT + timedelta(microseconds=1)) == AT + timedelta(seconds=1)


def test_instants_are_written_in_utc() -> None:
    """RFC 3339 with Z, and a naive date-time is refused."""
    assert iso(AT) == "2026-11-27T15:00:00Z"
    assert to_utc(AT).tzinfo is UTC
    with pytest.raises(TypeError):
        iso(datetime(2026, 11, 27))  # noqa: DTZ001  that is what is shown


def test_waits_grow_within_bounds_and_keep_their_floor() -> None:
    """Exponential with jitter: a second at first, under a minute for the first hour, five minutes in the end."""
    for tries, most in ((0, 1.0), (3, 4.5), (20, CAP_EARLY + 1), (500, CAP + 1)):
        waits = [backoff(tries).total_seconds() for _ in range(200)]
        assert 0.5 <= min(waits) <= max(waits) <= most
    assert backoff(0, timedelta(seconds=30)) == timedelta(seconds=30)


def test_a_broken_plug_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module without the well-known name, or one that fails to import, is named in the error."""
    folder = tmp_path / "plugs_of_this_test"
    folder.mkdir()
    for name, text in (("__init__", ""), ("base", "1 / 0"), ("_part", "1 / 0"), ("sound", "PLUG = 1")):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert load_plugs(folder.name, "PLUG") == {"sound": 1}
    (folder / "broken.py").write_text("1 / 0")
    with pytest.raises(BrokenPlug, match=r"broken\.py"):
        load_plugs(folder.name, "PLUG")
