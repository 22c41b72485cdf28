"""Time zones come from the package, not from the host."""

import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schedules import zones


def test_every_listed_zone_can_be_used() -> None:
    """The list and the files of the package belong together."""
    assert len(zones.names()) > 500
    assert all(zones.zone(name).key == name for name in zones.names())


@pytest.mark.parametrize(
    "name", ["America", "localtime", "posixrules", "Factory", "", "Mars/Olympus", "Europe/Berlin\n"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    """Folders, the host's own files and made-up names raise one clear error."""
    with pytest.raises(zones.UnknownZone, match="there is no such time zone; try"):
        zones.zone(name)


def test_the_host_is_not_asked() -> None:
    """A zone is read once, from the package's file, and is none of those that Python finds on the host."""
    found = zones.zone("Europe/Berlin")
    assert found is zones.zone("Europe/Berlin")
    assert found is not ZoneInfo("Europe/Berlin")


def test_the_version_is_that_of_the_data() -> None:
    """Plans are computed anew when it changes, so it must be the data's own word."""
    first = resources.files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# version {zones.VERSION}"


ROOT = Path(__file__).parents[2]
NOON = "from datetime import *; from schedules.zones import zone; print(datetime(2030, 1, 1, 12, tzinfo=UTC)"


def python(words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a few words of Python in a process of its own."""
    env = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-c", words], env=env, capture_output=True, text=True, check=False)


def test_a_host_with_wrong_zone_data_changes_nothing(tmp_path: Path) -> None:
    """Berlin on Tokyo's clocks in the host's own files: Python's zones go wrong by it, ours do not."""
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").write_bytes(zones.rules("Asia/Tokyo"))
    host = {"PYTHONTZPATH": str(tmp_path), "TZ": "Asia/Tokyo"}
    theirs = python(f"import zoneinfo; {NOON}.astimezone(zoneinfo.ZoneInfo('Europe/Berlin')))", **host)
    ours = python(f"{NOON}.astimezone(zone('Europe/Berlin')))", **host)
    assert theirs.stdout == "2030-01-01 21:00:00+09:00\n"
    assert ours.stdout == "2030-01-01 13:00:00+01:00\n"


def test_a_host_without_any_zone_data_will_do() -> None:
    """Slim images have none; the package is all that is needed."""
    assert python(f"{NOON}.astimezone(zone('Europe/Berlin')))", PYTHONTZPATH="").stdout == "2030-01-01 13:00:00+01:00\n"


@pytest.mark.parametrize("module", ["api.app", "worker", "cli.recomputing"])
def test_without_the_package_nothing_starts(module: str) -> None:
    """It says what is missing, rather than going on with the host's data."""
    failed = python(f"import sys; sys.modules['tzdata'] = None; import {module}")
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("schedules.zones.NoZoneData: the package tzdata is not installed")
