"""Channels are found from their files."""

import subprocess
import sys
from pathlib import Path

import pytest

from channels import open_channel, registry
from channels.base import Channel
from core.plugs import BrokenPlug, load_plugs
from tests.channels.example import settings

ROOT = Path(__file__).parents[2]
HEAVY = ("aiohttp", "slack_sdk", "aiosmtplib", "jinja2", "email_validator")


def test_every_file_is_a_channel() -> None:
    """Each public module of the package offers a channel that bears its name and does what channels do."""
    files = {path.stem for path in (ROOT / "channels").glob("[a-z]*.py")} - {"base"}
    assert files == set(registry())
    for name, channel in registry().items():
        assert issubclass(channel, Channel)
        assert channel.name == name
        assert channel.lanes > 0
        assert channel.send is not Channel.send
        assert channel.normalize.__func__ is not Channel.normalize.__func__  # type: ignore[attr-defined]  # bound methods have it


def test_there_is_no_channel_without_a_file() -> None:
    """An unknown name is an error at once."""
    with pytest.raises(KeyError):
        open_channel("pigeon", settings())


@pytest.mark.parametrize("content", ["", "import nothing_of_this_name\n", "CHANNEL ="])
def test_a_broken_plug_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    """A module without the well-known name, or one that fails to import, is named and stops the start."""
    package = tmp_path / f"plugs_{abs(hash(content))}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "broken.py").write_text(content)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BrokenPlug, match=r"broken\.py"):
        load_plugs(package.name, "CHANNEL")


def test_finding_the_channels_imports_no_provider() -> None:
    """The providers' libraries are imported when a channel is opened, not when the application starts."""
    code = f"import sys, channels; channels.registry(); print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
