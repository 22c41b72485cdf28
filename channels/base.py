"""What every channel is: one verb, and four ways in which it can fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Self

from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said, ready for any channel; text is data and is escaped by the channel."""

    delivery_id: str
    """Stable over all attempts: becomes `Message-ID`, `client_msg_id`, `X-Reminder-Delivery`."""
    title: str
    body: str | None
    team: str
    due_at: datetime
    """The nominal instant, aware."""
    due_local: str
    """The nominal instant as the recipient reads it, such as `Fri 27 Nov 2026, 16:00 (Europe/Berlin)`."""
    notice: str | None = None
    """One line that explains lateness or missed repetitions, or None."""
    url: str | None = None
    sent_at: datetime | None = None
    """When it is handed over, by the database's clock: a mail's `Date`. None: the nominal instant."""
    rule: str | None = None
    """What repeats, in one sentence such as `Every weekday at 09:00 (Europe/Berlin)`; None for what comes once."""
    locale: str = "en"
    """The language of its recipient, in which `due_local`, `notice` and `rule` are written."""
    unsubscribe_url: str | None = None
    """Where reminders to this very address are stopped without signing in; None where that is not offered."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail about an account, in the language of its reader; text is data and is escaped by the channel."""

    subject: str
    paragraphs: Sequence[str]
    action: str | None = None
    """What the button says that leads to `url`."""
    url: str | None = None
    closing: Sequence[str] = ()
    """Small print: why this came, and what to do if it should not have."""
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message; `ref` is its name for it, if it gave one."""

    ref: str | None = None


class ChannelError(Exception):
    """A send that did not succeed; `detail` is safe to show and to log: no content, no address, no secret."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Transient(ChannelError):
    """Not now: try again later. `retry_after` is the least wait that the provider asked for."""

    def __init__(self, detail: str, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Ambiguous(ChannelError):
    """It may have arrived: the connection broke after the provider could have accepted."""


class Permanent(ChannelError):
    """Never to this address. `reason` is a stable lower_snake_case code."""

    def __init__(self, detail: str, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Blocked(ChannelError):
    """Never with this integration, until a person mends it."""

    def __init__(self, detail: str, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


class InvalidAddress(ValueError):
    """The value cannot be an address of this channel; the message says what would be."""


class Channel:
    """One way to reach somebody; subclasses override `normalize` and `send`.

    A process opens each channel once and sends many messages through it at the same time, at most `lanes`.
    """

    name: ClassVar[str]
    lanes: ClassVar[int] = 64
    unsubscribes: ClassVar[bool] = False
    """Whether each message says how to stop those to its address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def normalize(cls, value: str, settings: Settings) -> str:
        """Return the canonical form of an address, or raise InvalidAddress."""
        raise NotImplementedError

    @classmethod
    def identity(cls, value: str) -> str:
        """Return what two spellings of one canonical address have in common: all of it, unless case means nothing."""
        return value

    @classmethod
    def masked(cls, value: str) -> str:
        """Return what may be shown of a canonical address: all of it, unless it is a secret."""
        return value

    async def __aenter__(self) -> Self:
        """Make what is kept between sends; connections may open lazily."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what is kept."""

    async def send(self, address: str, message: Message) -> Accepted:
        """Hand one message to the provider; return when it accepted, raise a ChannelError otherwise.

        Must not retry by itself. The caller bounds the time.
        """
        raise NotImplementedError
