"""Email: one recipient per mail, by SMTP over kept connections."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from channels._demo import stand_in, stand_in_letter
from channels.base import Accepted, Channel, InvalidAddress, Letter, Message, Permanent
from core.settings import Settings

if TYPE_CHECKING:
    from channels._mailer import Mailer

CONNECTIONS = 8
# What may stand between `<` and `>` of an SMTP command and in a header as it is.
_WIRE_SAFE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")


class Email(Channel):
    """Mail to one mailbox; the SMTP server is the operator's own choice."""

    name: ClassVar[str] = "email"
    lanes: ClassVar[int] = CONNECTIONS
    unsubscribes: ClassVar[bool] = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._mailer: Mailer | None = None

    @classmethod
    def normalize(cls, value: str, settings: Settings) -> str:
        """Return the address with its domain in ASCII and lower case; no DNS is asked."""
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  kept out of the start

        try:
            valid = validate_email(
                value.strip(),
                check_deliverability=False,
                allow_smtputf8=False,
                test_environment=not settings.production,
            )
        except EmailNotValidError as error:
            raise InvalidAddress(str(error)) from error
        address = valid.ascii_email or ""
        if not _WIRE_SAFE.fullmatch(address):
            reason = "an address such as ada@example.com"
            raise InvalidAddress(reason)
        return address

    @classmethod
    def identity(cls, value: str) -> str:
        """Return the address in lower case: in theory case before the `@` means something, nowhere in practice."""
        return value.lower()

    async def __aenter__(self) -> Self:
        """Compile the templates; connections open with the first mails."""
        if self.settings.smtp_host is not None:
            from channels._mailer import Mailer  # noqa: PLC0415  aiosmtplib and jinja2 only where mail is sent

            self._mailer = Mailer(self.settings, CONNECTIONS)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections politely."""
        if self._mailer is not None:
            await self._mailer.close()

    async def send(self, address: str, message: Message) -> Accepted:
        """Send one mail; `ref` is the server's queue id where it named one."""
        _refuse_odd(address)
        if self._mailer is None:
            return stand_in(self.settings, self.name, address, message, needs="SMTP_HOST")
        return await self._mailer.send(address, message)

    async def post(self, address: str, letter: Letter, letter_id: str, at: datetime) -> Accepted:
        """Send one letter about an account; `letter_id` names this very attempt, `at` is its date."""
        _refuse_odd(address)
        if self._mailer is None:
            return stand_in_letter(self.settings, address, letter, letter_id, needs="SMTP_HOST")
        return await self._mailer.post(address, letter, letter_id, at)


def _refuse_odd(address: str) -> None:
    if not _WIRE_SAFE.fullmatch(address):
        detail = "not an address that mail can carry"
        raise Permanent(detail, reason="invalid_address")


CHANNEL = Email
