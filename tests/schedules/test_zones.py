"""Time zones come from the package, not from the host."""

from importlib import resources
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
