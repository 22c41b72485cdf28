"""One mail handed to the server, and what its answer means."""

import asyncio
import re
from datetime import datetime

from aiosmtplib import SMTPDataError, SMTPException

from channels._mail_bytes import MailWriter
from channels._smtp_answers import Stage, refusal
from channels._smtp_pool import OK, Kept, SmtpPool
from channels.base import Accepted, Ambiguous, Letter, Message, Transient
from core.settings import Settings

# Connecting, logging in and the envelope; what is left of the caller's deadline belongs to the content.
BEFORE_CONTENT = 8.0
AFTER_CONTENT = 14.0
_QUEUED = re.compile(r"queued as ([\w.-]{1,80})", re.IGNORECASE)


class Mailer:
    """Sends mails through kept connections, at most `connections` at once; patience is in seconds."""

    def __init__(
        self,
        settings: Settings,
        connections: int,
        *,
        before_content: float = BEFORE_CONTENT,
        after_content: float = AFTER_CONTENT,
    ) -> None:
        self._before_content, self._after_content = before_content, after_content
        self._writer = MailWriter(settings)
        self._pool = SmtpPool(settings)
        self._free = asyncio.Semaphore(connections)
        self._mail_from = f"FROM:<{settings.smtp_from_email}>".encode("ascii")

    async def send(self, recipient: str, message: Message) -> Accepted:
        """Hand one mail to the server; raises ChannelError unless it was accepted."""
        return await self._hand_over(recipient, self._writer.write(recipient, message))

    async def post(self, recipient: str, letter: Letter, letter_id: str, at: datetime) -> Accepted:
        """Hand one letter to the server; raises ChannelError unless it was accepted."""
        return await self._hand_over(recipient, self._writer.write_letter(recipient, letter, letter_id, at))

    async def _hand_over(self, recipient: str, content: bytes) -> Accepted:
        async with self._free:
            kept = await self._begin(recipient)
            text = await self._content(kept, content)
            self._pool.give_back(kept)
        queued = _QUEUED.search(text)
        return Accepted(ref=queued.group(1) if queued else None)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    async def _begin(self, recipient: str) -> Kept:
        try:
            async with asyncio.timeout(self._before_content):
                kept = await self._pool.take()
                await self._say(kept, "mail", b"MAIL", self._mail_from)
                await self._say(kept, "rcpt", b"RCPT", f"TO:<{recipient}>".encode("ascii"))
                return kept
        except TimeoutError as error:
            detail = "connect: no answer in time"
            raise Transient(detail) from error

    async def _say(self, kept: Kept, stage: Stage, *words: bytes) -> None:
        try:
            code, text = await kept.smtp.execute_command(*words)
        except (SMTPException, OSError) as error:
            kept.smtp.close()
            detail = f"{stage}: {type(error).__name__}"
            raise Transient(detail) from error
        except BaseException:
            kept.smtp.close()
            raise
        if code // 10 * 10 != OK:
            raise self._refused(kept, stage, code, text)

    async def _content(self, kept: Kept, content: bytes) -> str:
        try:
            return (await kept.smtp.data(content, timeout=self._after_content)).message
        except SMTPDataError as error:
            # Without its cause, because the server's text may repeat the address or the content.
            raise self._refused(kept, "data", error.code, error.message) from None
        except (SMTPException, OSError) as error:
            kept.smtp.close()
            detail = f"data: {type(error).__name__}"
            raise Ambiguous(detail) from error
        except BaseException:
            kept.smtp.close()
            raise

    def _refused(self, kept: Kept, stage: Stage, code: int, text: str) -> Exception:
        if code == 421:  # noqa: PLR2004  RFC 5321: the service closes the connection
            kept.smtp.close()
        kept.clean = False
        self._pool.give_back(kept)
        return refusal(stage, code, text)
