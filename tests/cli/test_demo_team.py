"""The demo of `reminders up`."""

import re
from pathlib import Path

from cli import demo_team
from core import passwords


def test_no_demo_password_is_too_common(tmp_path: Path) -> None:
    """Not even one whose random part is digits alone, as one draw in forty is; and it is kept."""
    word = demo_team.password(tmp_path)
    parts = [part if part == "demo" else re.sub("[a-f]", "7", part) for part in word.split("-")]
    passwords.refuse_common("-".join(parts))
    assert demo_team.password(tmp_path) == word
