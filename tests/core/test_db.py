"""Database addresses as operators write them."""

import pytest

from core.db import async_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_spellings_are_understood(scheme: str) -> None:
    """Heroku writes postgres://, everybody else postgresql://; a password keeps its odd characters."""
    url = async_url(f"{scheme}://ada:p%40ss@db.example.com:6432/reminders?sslmode=require")
    assert (url.drivername, url.password, url.port) == ("postgresql+asyncpg", "p@ss", 6432)
    assert dict(url.query) == {"ssl": "require"}


def test_a_socket_folder_is_passed_on() -> None:
    """A unix socket is named by `host`, also with a space in its path."""
    assert async_url("postgresql:///reminders?host=/tmp/a b").query["host"] == "/tmp/a b"
