"""The settings and what is written about them."""

from pathlib import Path

from core.settings import Settings
from tests.house import settings_pages
from tests.house.source import ROOT

ANEW = "write it anew with `python -m tests.house.settings_pages`"


def test_every_setting_says_what_it_is_for() -> None:
    """Each has a description, which is all that an operator gets to read."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_written_pages_are_the_settings() -> None:
    """`.env.example` and the reference page are what the settings make of them."""
    assert settings_pages.ENV_EXAMPLE.read_text() == settings_pages.env_example(), ANEW
    assert settings_pages.REFERENCE.read_text() == settings_pages.reference(), ANEW


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    """Copied to `.env`, with every line taken into use, it gives the defaults."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    names = {name.upper() for name in Settings.model_fields}
    used = [line.removeprefix("# ") for line in lines if line.removeprefix("# ").split("=")[0] in names]
    assert {line.split("=")[0] for line in used} == names
    (tmp_path / ".env").write_text("\n".join(used))
    assert Settings(_env_file=tmp_path / ".env") == Settings(_env_file=None)
