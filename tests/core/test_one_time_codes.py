"""One-time codes: those of RFC 6238, one step of drift, and nothing else."""

from base64 import b32encode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from core import one_time_codes
from core.one_time_codes import SECONDS, matching_step, plain

SECRET = b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, of which apps show the last six digits.
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}

FULL_WIDTH = "".join(chr(0xFF10 + int(digit)) for digit in "005924")


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    """At the instants of the RFC, its codes are those of their step."""
    assert matching_step(SECRET, code, _at(seconds)) == seconds // SECONDS


def test_a_clock_may_be_off_by_one_step() -> None:
    """A code is good in its own thirty seconds, and in those before and after."""
    given = [matching_step(SECRET, "005924", _at(1234567890 + SECONDS * steps)) for steps in (-2, -1, 0, 1, 2)]
    assert given == [None, *[1234567890 // SECONDS] * 3, None]


@pytest.mark.parametrize("code", ["", "000000", "5924", "0059240", FULL_WIDTH, "\ud800", "x" * 10_000])
def test_what_is_no_code_is_wrong(code: str) -> None:
    """Anything else is wrong, and no fault."""
    assert matching_step(SECRET, code, _at(1234567890)) is None


def test_what_an_app_is_told() -> None:
    """The address holds all that an app needs, and secrets are long and never the same."""
    uri = urlsplit(one_time_codes.uri(SECRET, "ada@example.com"))
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Team%20Reminders:ada%40example.com")
    assert "issuer=Team%20Reminders" in uri.query
    asked = parse_qs(uri.query)
    assert (asked["secret"], asked["issuer"], asked["digits"], asked["period"]) == (
        [SECRET],
        ["Team Reminders"],
        ["6"],
        ["30"],
    )
    assert (
        len({one_time_codes.new_secret() for _ in range(50)} | {one_time_codes.new_recovery_code() for _ in range(50)})
        == 100
    )


def test_recovery_codes_are_typed_as_people_type() -> None:
    """Capitals, spaces and hyphens do not matter, and no recovery code looks like one of an app."""
    code = one_time_codes.new_recovery_code()
    assert plain(code.upper().replace("-", " ")) == plain(code)
    assert (len(plain(code)), one_time_codes.is_from_app(plain(code))) == (16, False)
    assert one_time_codes.is_from_app(plain(" 123 456 "))
    assert not one_time_codes.is_from_app(FULL_WIDTH)
