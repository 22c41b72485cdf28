"""What Slack's answers mean.

chat.postMessage: https://docs.slack.dev/reference/methods/chat.postMessage#errors
Incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
Rate limits: https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections.abc import Mapping
from datetime import timedelta

from channels.base import Ambiguous, Blocked, ChannelError, Permanent, Transient

LONGEST_WAIT = 3600
TOO_MANY = 429
SERVER_ERROR = 500

# The errors of chat.postMessage after which Slack may have posted.
UNSURE = frozenset({"internal_error", "fatal_error"})
# Those that are about this conversation or this member.
GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_found",
        "msg_too_long",
        "invalid_blocks",
    }
)
# Those that are about the token, and so about everybody.
BROKEN = frozenset(
    {"token_revoked", "token_expired", "not_authed", "invalid_auth", "account_inactive", "missing_scope"}
)
# The bodies of a webhook's 400, 403, 404 and 410. A webhook's URL is an address and a permission in one,
# so that whatever ends it ends this address alone.
HOOK_GONE = frozenset(
    {
        "invalid_payload",
        "invalid_blocks",
        "user_not_found",
        "channel_not_found",
        "channel_is_archived",
        "action_prohibited",
        "posting_to_general_channel_denied",
        "no_service",
        "no_service_id",
        "no_active_hooks",
        "no_team",
        "team_disabled",
        "invalid_token",
    }
)


def wait_asked(headers: Mapping[str, str]) -> timedelta | None:
    """Return the `Retry-After` in seconds, at most an hour; None where it is absent or nonsense."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    if not (value.isascii() and value.isdigit()):
        return None
    return timedelta(seconds=min(int(value[:9]), LONGEST_WAIT))


def api_error(status: int, code: str, headers: Mapping[str, str]) -> ChannelError:
    """Return the error for an answer of the Web API that is not `ok`; `code` is its `error`, or empty."""
    detail = code if code.isidentifier() else f"HTTP {status}"
    if status == TOO_MANY or code in {"ratelimited", "rate_limited"}:
        return Transient("ratelimited", retry_after=wait_asked(headers))
    if code in UNSURE:
        return Ambiguous(detail)
    if code in GONE:
        return Permanent(detail, reason=code)
    if code in BROKEN:
        return Blocked(detail, reason=code)
    return Transient(detail)


def webhook_error(status: int, body: str, headers: Mapping[str, str]) -> ChannelError:
    """Return the error for an answer of an incoming webhook that is not 200 `ok`."""
    code = body.strip()
    if status < SERVER_ERROR and status != TOO_MANY and code in HOOK_GONE:
        return Permanent(code, reason=code)
    return Transient(f"HTTP {status}", retry_after=wait_asked(headers) if status == TOO_MANY else None)
