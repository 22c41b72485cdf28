"""Settings: read from names in the environment, and refused where they would be dangerous."""

from typing import Any

import pytest
from pydantic import ValidationError

from core.settings import DEVELOPMENT_SECRET, Settings

REAL: dict[str, Any] = {
    "environment": "production",
    "database_url": "postgres://app@db/reminders",
    "redis_url": "redis://redis",
    "secret_key": "x" * 32,
}


def test_development_needs_nothing() -> None:
    """Without any setting it is a development server that verifies no mailboxes."""
    settings = Settings(_env_file=None)
    assert not settings.production
    assert not settings.verifies_email


def test_production_verifies_mailboxes_unless_told_otherwise() -> None:
    """What strangers say about their address is not believed."""
    assert Settings(_env_file=None, **REAL).verifies_email
    assert not Settings(_env_file=None, **REAL, email_verification="off").verifies_email


@pytest.mark.parametrize("missing", ["database_url", "redis_url", "secret_key"])
def test_production_refuses_embedded_servers_and_default_secrets(missing: str) -> None:
    """The message names the variable that is missing."""
    given = {name: value for name, value in REAL.items() if name != missing}
    with pytest.raises(ValidationError, match=missing.upper()):
        Settings(_env_file=None, **given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "mysql://db/reminders"),
        ("secret_key", "short"),
        ("sweep_interval", 0),
        ("sweep_interval", 61),
        ("smtp_tls", "ssl"),
        ("outbound_allow_cidrs", ["10.0.0.1/8"]),
        ("secret_keys_previous", ["short"]),
        ("secret_keys_previous", ["x" * 31]),
        ("hash_key", "short"),
    ],
)
def test_what_cannot_work_is_refused(name: str, value: Any) -> None:
    """A setting out of its bounds stops the start."""
    with pytest.raises(ValidationError, match=name):
        Settings(_env_file=None, **{name: value})


@pytest.mark.parametrize("name", ["secret_key", "secret_keys_previous", "hash_key"])
def test_production_knows_no_default_key(name: str) -> None:
    """Not as a former key either: whoever has our source could sign with it, and open what it sealed."""
    value = [DEVELOPMENT_SECRET] if name == "secret_keys_previous" else DEVELOPMENT_SECRET
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(_env_file=None, **REAL | {name: value})


def test_hashes_keep_their_key() -> None:
    """A new SECRET_KEY leaves them at the oldest one, and HASH_KEY says which that was when it is gone."""
    new, old, oldest = ("n" * 32, "o" * 32, "p" * 32)
    assert Settings(_env_file=None, secret_key=new).hash_secret == new
    assert Settings(_env_file=None, secret_key=new, secret_keys_previous=[old, oldest]).hash_secret == oldest
    assert Settings(_env_file=None, secret_key=new, hash_key=oldest).hash_secret == oldest


def test_no_key_is_shown() -> None:
    """Settings that are printed by mistake show none."""
    settings = Settings(_env_file=None, secret_key="n" * 32, secret_keys_previous=["o" * 32], hash_key="p" * 32)
    assert not [letter for letter in "nop" if letter * 32 in repr(settings)]


def test_settings_do_not_change() -> None:
    """They are read once; nothing may turn them afterwards."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings(_env_file=None).smtp_port = 25  # type: ignore[misc]  # that is what is shown
