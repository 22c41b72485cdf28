"""The links by which reminders are stopped."""

import re

import pytest

from core import unsubscribe
from core.settings import Settings
from core.unsubscribe import InvalidLink

SETTINGS = Settings(_env_file=None, public_url="https://reminders.example/")
HASH = bytes(range(32))
URL = unsubscribe.url(SETTINGS, "email", HASH)
TOKEN = URL.rsplit("/", 1)[1]


def test_a_link_is_read_back() -> None:
    """It stands below the public address, fits a header, and names kind and hash."""
    assert re.fullmatch(r"https://reminders\.example/unsubscribe/email\.[\w-]{64}", URL)
    assert unsubscribe.read(SETTINGS, TOKEN) == ("email", HASH)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "email",
        "email.",
        "email.!",
        "email." + "A" * 64,
        TOKEN[:-1],
        TOKEN + "A" * 4,
        TOKEN.replace("email.", "slack."),
        TOKEN.replace("email.", ""),
        "email.B" + TOKEN[7:],
        TOKEN[:-2] + ("AA" if TOKEN[-2:] != "AA" else "BB"),
        "ë" + TOKEN,
        "\ud800",
        "email." + "A" * 100_000,
    ],
)
def test_what_is_not_whole_and_ours_is_refused(token: str) -> None:
    """A token cut, lengthened, changed by one character, of another kind, or made up opens nothing."""
    with pytest.raises(InvalidLink):
        unsubscribe.read(SETTINGS, token)


def test_another_installations_link_is_refused() -> None:
    """The signature is made with our key."""
    other = Settings(_env_file=None, secret_key="another secret that is long enough to be one")
    with pytest.raises(InvalidLink):
        unsubscribe.read(other, TOKEN)


def test_a_name_beyond_ascii_is_written_as_mail_needs_it() -> None:
    """Headers are ASCII."""
    settings = SETTINGS.model_copy(update={"public_url": "https://erinnerung.müller.example:8443/x"})
    assert unsubscribe.url(settings, "email", HASH).startswith("https://erinnerung.xn--mller-kva.example:8443/x/unsub")
