"""Kept SMTP connections: opened when needed, used again, probed when they rested, dropped when in doubt."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from channels._mail_bytes import host_name
from channels._smtp_answers import Stage, refusal
from channels.base import Transient
from core.settings import Settings

# The mailer's own limits are shorter; this one only keeps a forgotten step from lasting for ever.
STEP_TIMEOUT = 15.0
PROBE_AFTER = 5.0
CLOSE_AFTER = 30.0
# Many servers end a connection after about a hundred mails, with a 421 that would cost the next one a retry.
MAILS_PER_CONNECTION = 100
OK = 250


@dataclass(slots=True)
class Kept:
    """One connection between two mails."""

    smtp: SMTP
    mails: int = 0
    rested_since: float = 0.0
    clean: bool = True
    """Whether the server is known to expect a new mail, and not the rest of a refused one."""


class SmtpPool:
    """The connections to one server, the freshest used first so that the surplus goes to rest; times in seconds."""

    def __init__(
        self, settings: Settings, *, probe_after: float = PROBE_AFTER, close_after: float = CLOSE_AFTER
    ) -> None:
        self._probe_after, self._close_after = probe_after, close_after
        self._settings = settings
        self._tls = ssl.create_default_context() if settings.smtp_tls != "none" else None
        self._resting: list[Kept] = []
        self._timer: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def take(self) -> Kept:
        """Return a connection that is ready for a mail; raises ChannelError where none can be had."""
        now = asyncio.get_running_loop().time()
        while self._resting:
            kept = self._resting.pop()
            if kept.smtp.is_connected and await self._ready(kept, now):
                return kept
            kept.smtp.close()
        return Kept(await self._connect())

    def give_back(self, kept: Kept) -> None:
        """Keep a connection for the next mail, unless it has done enough."""
        kept.mails += 1
        if kept.mails >= MAILS_PER_CONNECTION:
            self._leave(kept)
        elif kept.smtp.is_connected:
            loop = asyncio.get_running_loop()
            kept.rested_since = loop.time()
            self._resting.append(kept)
            if self._timer is None:
                self._timer = loop.call_later(self._close_after, self._close_rested)

    async def close(self) -> None:
        """Say goodbye on every connection that rests."""
        if self._timer is not None:
            self._timer.cancel()
        for kept in self._resting:
            self._leave(kept)
        self._resting.clear()
        await asyncio.gather(*self._leaving)

    async def _connect(self) -> SMTP:
        settings = self._settings
        password = settings.smtp_password
        smtp = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=password.get_secret_value() if password and settings.smtp_username else None,
            local_hostname=host_name(settings.public_url),
            timeout=STEP_TIMEOUT,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            tls_context=self._tls,
        )
        try:
            await smtp.connect()
            if smtp.is_ehlo_or_helo_needed:
                await smtp.ehlo()
        except SMTPResponseException as error:
            smtp.close()
            # Only the login is refused for good; what was said before it may be otherwise in a minute.
            stage: Stage = "login" if isinstance(error, SMTPAuthenticationError) else "connect"
            raise refusal(stage, error.code, error.message) from None
        except (SMTPException, OSError) as error:
            smtp.close()
            detail = f"connect: {type(error).__name__}"
            raise Transient(detail) from error
        except BaseException:
            smtp.close()
            raise
        return smtp

    async def _ready(self, kept: Kept, now: float) -> bool:
        if kept.clean and now - kept.rested_since < self._probe_after:
            return True
        try:
            kept.clean = (await kept.smtp.execute_command(b"RSET", timeout=2)).code == OK
        except (SMTPException, OSError):
            return False
        except BaseException:
            kept.smtp.close()
            raise
        return kept.clean

    def _close_rested(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        while self._resting and loop.time() - self._resting[0].rested_since >= self._close_after:
            self._leave(self._resting.pop(0))
        if self._resting:
            self._timer = loop.call_at(self._resting[0].rested_since + self._close_after, self._close_rested)

    def _leave(self, kept: Kept) -> None:
        task = asyncio.create_task(_quit(kept.smtp))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


async def _quit(smtp: SMTP) -> None:
    with suppress(SMTPException, OSError):
        await smtp.quit(timeout=1)
    smtp.close()
