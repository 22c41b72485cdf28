"""Slack's addresses: conversations, members, and incoming-webhook URLs.

A URL is matched whole by one strict expression and never parsed: what is matched here is what is connected to.
"""

import re
from ipaddress import ip_address

from core.settings import Settings

ID = re.compile(r"[CGDUW][A-Z0-9]{7,30}")
_WEBHOOK = re.compile(
    r"https://hooks\.slack(?:-gov)?\.com/services/[A-Za-z0-9_]{1,40}/[A-Za-z0-9_]{1,40}/[A-Za-z0-9_]{1,80}"
)
_LOCAL = re.compile(
    r"https?://(?P<host>localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]{2,39}\])(?::\d{1,5})?/[A-Za-z0-9/_-]{1,300}"
)


def is_webhook(address: str) -> bool:
    """Whether an address is a URL rather than an id."""
    return address.startswith(("https://", "http://"))


def webhook_allowed(url: str, settings: Settings) -> bool:
    """Whether we may post to this URL: Slack's own hosts, or a literal address inside OUTBOUND_ALLOW_CIDRS."""
    if _WEBHOOK.fullmatch(url):
        return True
    local = _LOCAL.fullmatch(url)
    if local is None:
        return False
    host = local["host"].strip("[]")
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return False
    return any(address in network for network in settings.outbound_allow_cidrs)
