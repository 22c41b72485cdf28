"""What an SMTP server's refusal means (RFC 5321, 4.2.3; enhanced codes: RFC 3463)."""

import re
from datetime import timedelta
from typing import Literal

from channels.base import Blocked, ChannelError, Permanent, Transient

Stage = Literal["connect", "login", "mail", "rcpt", "data"]

GREYLISTED = frozenset({450, 451})
GREYLIST_WAIT = timedelta(seconds=60)
CLASS_OF_FINAL = 5
# 530 https://www.rfc-editor.org/rfc/rfc4954#section-6 authentication required (also: STARTTLS first, RFC 3207)
# 534, 535, 538 https://www.rfc-editor.org/rfc/rfc4954#section-6 the login itself is not accepted
LOGIN_CODES = frozenset({530, 534, 535, 538})

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
# The server often repeats the address, which may itself contain the word.
_ADDRESS = re.compile(r"<[^>]*>|\S+@\S+")
_RELAY = re.compile(r"\brelay(ing)?\b", re.IGNORECASE)


def refusal(stage: Stage, code: int, text: str) -> ChannelError:
    """Return the error for an answer that is not a success; its detail bears the codes alone, never the text."""
    enhanced = _ENHANCED.match(text)
    detail = f"{stage}: {code}" + (f" {enhanced.group()}" if enhanced else "")
    if code in LOGIN_CODES:
        return Blocked(detail, reason="authentication_failed")
    if code // 100 != CLASS_OF_FINAL or stage == "connect":
        # A greeting that refuses is about the moment or about us, never about the recipient.
        return Transient(detail, retry_after=GREYLIST_WAIT if code in GREYLISTED else None)
    if _RELAY.search(_ADDRESS.sub("", text)):
        # https://www.postfix.org/SMTPD_ACCESS_README.html "Relay access denied": we may not send through here.
        return Blocked(detail, reason="relay_denied")
    if stage == "login":
        return Blocked(detail, reason="authentication_failed")
    if stage == "mail":
        return Blocked(detail, reason="sender_refused")
    # https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 5yz: do not repeat the exact request.
    return Permanent(detail, reason="recipient_refused" if stage == "rcpt" else "message_refused")
