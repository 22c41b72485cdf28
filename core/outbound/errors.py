"""Why a request on behalf of somebody was not made, or came to nothing. None repeats the address."""

from core.errors import Invalid


class InvalidUrl(Invalid):
    """Write a whole address, such as https://example.com/path."""

    code = "invalid_url"


class BlockedAddress(Invalid):
    """The address leads into a network that is not public; OUTBOUND_ALLOW_CIDRS can allow it."""

    code = "blocked_address"


class OutboundFailed(Invalid):
    """The server at this address did not answer as it should."""

    code = "outbound_failed"


class NotReached(OutboundFailed):
    """The server at this address cannot be reached; nothing was sent to it."""

    code = "not_reached"


class HostNotFound(NotReached):
    """There is no server of this name."""

    code = "host_not_found"


class NoAnswer(OutboundFailed):
    """The server at this address was reached, but gave no whole answer in time; it may have read the request."""

    code = "no_answer"


class AnswerTooLarge(OutboundFailed):
    """The answer is too large; `status` is what it began with."""

    code = "answer_too_large"

    def __init__(self, most: int, status: int) -> None:
        super().__init__(f"the answer has more than {most // 1024} kB")
        self.status = status
