"""Reading addresses that people gave us, by the parser that the request is made with."""

import re
from collections.abc import Collection

from yarl import URL

from core.outbound.addresses import read_address
from core.outbound.errors import InvalidUrl

LONGEST = 2_000
_SCHEMES = ("http", "https")
# Parsers differ about each of these, and a difference between two parsers is a way around a check.
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
_AUTHORITY = re.compile(r"[^:/?#]+://([^/?#]*)")
_NAME = re.compile(
    r"(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


def read_url(text: str, ports: Collection[int]) -> URL:
    """Return an http(s) address with a fit host and port; raises InvalidUrl, which says what is wrong."""
    if len(text) > LONGEST or _UNFIT.search(text):
        message = f"an address has at most {LONGEST} characters, and neither blanks nor backslashes among them"
        raise InvalidUrl(message)
    try:
        url = URL(text)
        port = url.port
    except ValueError as error:
        raise InvalidUrl from error
    if url.scheme not in _SCHEMES or not url.raw_host:
        message = "an address begins with https:// or http:// and the name of a server"
        raise InvalidUrl(message)
    authority = _AUTHORITY.match(text)
    if authority is None or re.search("[@%]", authority[1]):
        message = "an address names a server and nothing before it: no user, no password, no % in the name"
        raise InvalidUrl(message)
    if port not in ports:
        message = f"the port must be one of {', '.join(str(each) for each in sorted(ports))}"
        raise InvalidUrl(message)
    _check_host(url.raw_host, bracketed=authority[1].startswith("["))
    return url


def _check_host(host: str, *, bracketed: bool) -> None:
    if bracketed or ":" in host:
        if read_address(host) is None or ":" not in host:
            message = "write an IPv6 address in brackets, and nothing else"
            raise InvalidUrl(message)
        return
    # What ends in a number is an IPv4 address for some, in octal, hexadecimal or short, and a name for others.
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        if read_address(host) is None:
            message = "write an IPv4 address as four decimal numbers"
            raise InvalidUrl(message)
    elif not _NAME.fullmatch(host):
        message = "the name of the server is not well-formed"
        raise InvalidUrl(message)
