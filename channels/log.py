"""The development channel, which prints, and the double of the tests, which remembers."""

from collections import deque
from typing import ClassVar

from channels._demo import stand_in
from channels._text import one_line
from channels.base import Accepted, Channel, InvalidAddress, Message
from core.settings import Settings

KEPT = 1000
LONGEST_ADDRESS = 200


class Log(Channel):
    """Prints each message on the terminal and keeps the last ones in `sent`, oldest first."""

    name: ClassVar[str] = "log"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.sent: deque[tuple[str, Message]] = deque(maxlen=KEPT)

    @classmethod
    def normalize(cls, value: str, settings: Settings) -> str:
        """Accept any short name; production has no terminal that somebody watches."""
        address = one_line(value)
        if settings.production:
            reason = "the log channel is for development"
            raise InvalidAddress(reason)
        if not 0 < len(address) <= LONGEST_ADDRESS:
            reason = f"a name of 1 to {LONGEST_ADDRESS} characters"
            raise InvalidAddress(reason)
        return address

    async def send(self, address: str, message: Message) -> Accepted:
        """Print and remember one message."""
        accepted = stand_in(self.settings, self.name, address, message, needs="ENVIRONMENT=development")
        self.sent.append((address, message))
        return accepted


CHANNEL = Log
