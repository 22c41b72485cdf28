"""What is written about the settings, made from the settings: `python -m tests.house.settings_pages` writes it."""

from pathlib import PurePath
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.settings import DEVELOPMENT_SECRET, Settings
from tests.house.source import ROOT

ENV_EXAMPLE = ROOT / ".env.example"
REFERENCE = ROOT / "docs" / "reference" / "settings.md"
ENV_HEAD = """\
# Settings of Team Reminders; copy this file to .env. What is commented out stands there with its default.
# Made from core/settings.py. `make up` needs none of it.
"""
COMPOSE = """
# Only for docker-compose.yml, which wants these three, and the two ports where the usual ones are taken.
POSTGRES_PASSWORD=
SECRET_KEY=
SMTP_TLS=
# PORT=8000
# MAIL_PORT=8025
"""
REFERENCE_HEAD = """\
# Settings

Every process reads its settings once, from the environment and from a file `.env` in the folder where it is
started; the environment wins, and an empty value counts as not given. What is wrong is named at the start, and
nothing runs on a guess. Made from `core/settings.py`.

| name | default | values | meaning |
| --- | --- | --- | --- |
"""


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in (None, (), DEVELOPMENT_SECRET):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(annotation: Any) -> str:
    plain = [part for part in get_args(annotation) if part is not NoneType]
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    if NoneType in get_args(annotation) and len(plain) == 1:
        return _values(plain[0])
    if get_origin(annotation) is tuple:
        return "JSON list"
    if isinstance(annotation, type) and issubclass(annotation, PurePath):
        return "folder"
    return {int: "whole number", bool: "`true`, `false`", SecretStr: "secret text"}.get(annotation, "text")


def _bounds(field: FieldInfo) -> str:
    found = {key: getattr(rule, key) for rule in field.metadata for key in ("ge", "le") if hasattr(rule, key)}
    if "le" not in found:
        return f", at least {found['ge']}" if found else ""
    return f", {found['ge']} to {found['le']}"


def env_example() -> str:
    """Return the text of `.env.example`."""
    lines = [
        f"\n# {field.description}\n# {name.upper()}={_default(field)}\n"
        for name, field in Settings.model_fields.items()
    ]
    return ENV_HEAD + "".join(lines) + COMPOSE


def reference() -> str:
    """Return the text of the reference page."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = f"`{_default(field)}`" if _default(field) else ""
        values = _values(field.annotation) + _bounds(field)
        rows.append(f"| `{name.upper()}` | {default} | {values} | {field.description} |\n")
    return REFERENCE_HEAD + "".join(rows)


if __name__ == "__main__":
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(reference())
    ENV_EXAMPLE.write_text(env_example())
