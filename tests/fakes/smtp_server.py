"""A real SMTP server (aiosmtpd) on a free port that keeps what it gets and answers as it is told.

Stages of its script: `connect`, `mail`, `rcpt`, `data`. An answer is a status line such as `450 4.2.0 later`,
or `close` (end the connection) or `hang` (say nothing more).
"""

import asyncio
import email
import email.policy
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fakes.script import Script


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was accepted."""

    sender: str
    recipients: list[str]
    content: bytes
    at: float = field(default_factory=time.time)

    @property
    def parsed(self) -> EmailMessage:
        """The mail read by the standard library."""
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def delivery_id(self) -> str:
        """The delivery that it belongs to."""
        return str(self.parsed["X-Reminder-Delivery"])


class FakeSmtp:
    """The server, as an async context manager; `messages` grows in the order of acceptance."""

    def __init__(
        self, *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None, implicit_tls: bool = False
    ) -> None:
        self.login = login
        self.tls, self.implicit_tls = tls, implicit_tls
        self.script = Script()
        self.messages: list[Mail] = []
        self.connections = 0
        self.open: set[asyncio.BaseTransport] = set()
        self.host, self.port = "127.0.0.1", 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen on a free port; the same one when the server is started again."""
        loop = asyncio.get_running_loop()
        context = self.tls if self.implicit_tls else None
        self._server = await loop.create_server(lambda: _Session(self), self.host, self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut every connection, as a killed server would."""
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.sleep(0)

    def cut(self) -> None:
        """End every open connection without a word."""
        for transport in list(self.open):
            # Some versions of Python stumble over a second end of a TLS connection.
            if not transport.is_closing():
                cast("asyncio.Transport", transport).abort()

    async def handle_MAIL(self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Answer MAIL FROM."""
        if self.login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        return await self._answer("mail", session) or _note(envelope, address, options)

    async def handle_RCPT(self, _: SMTP, session: Session, envelope: Envelope, address: str, __: list[str]) -> str:
        """Answer RCPT TO."""
        answer = await self._answer("rcpt", session)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, unless the script says otherwise."""
        answer = await self._answer("data", session)
        if answer is None:
            content = cast("bytes", envelope.original_content)
            self.messages.append(Mail(str(envelope.mail_from), list(envelope.rcpt_tos), content))
        return answer or f"250 2.0.0 Ok: queued as M{len(self.messages)}"

    async def _answer(self, stage: str, session: Session) -> str | None:
        answer = self.script.take(stage)
        if answer == "hang":
            await asyncio.Event().wait()
        if answer == "close":
            # The status that follows goes nowhere: the connection is gone.
            cast("Any", session).transport.abort()
        return answer

    def accepts(self, _: SMTP, __: Session, ___: Envelope, ____: str, sent: Any) -> AuthResult:
        """Compare a login with the one that is required."""
        given = (sent.login.decode(), sent.password.decode()) if isinstance(sent, LoginPassword) else None
        return AuthResult(success=given == self.login, handled=False)


def _note(envelope: Envelope, address: str, options: list[str]) -> str:
    envelope.mail_from = address
    envelope.mail_options.extend(options)
    return "250 OK"


class _Session(SMTP):
    def __init__(self, fake: FakeSmtp) -> None:
        offered: Callable[..., AuthResult] | None = fake.accepts if fake.login else None
        starttls = None if fake.implicit_tls else fake.tls
        super().__init__(
            fake,
            hostname="fake.example",
            auth_require_tls=False,
            authenticator=offered,
            auth_exclude_mechanism=None if offered else ["LOGIN", "PLAIN"],
            tls_context=starttls,
            loop=asyncio.get_running_loop(),
        )
        self._fake = fake

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # STARTTLS makes a second call for the same connection.
        if self.session is None:
            self._fake.connections += 1
        self._fake.open.add(transport)
        super().connection_made(transport)
        cast("Any", self.session).transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._fake.open.discard(cast("asyncio.BaseTransport", self.transport))
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        if not isinstance(status, str) or not status.startswith("220 fake.example"):
            await super().push(status)
            return
        answer = self._fake.script.take("connect")
        if answer == "hang":
            await asyncio.Event().wait()
        if answer not in {None, "close"}:
            await super().push(answer)
        if answer is None:
            await super().push(status)
        else:
            cast("asyncio.Transport", self.transport).close()
