"""The mail catcher of `reminders up`: an SMTP server that keeps what it gets as files and passes nothing on."""

import asyncio
import email.policy
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
MOST_MAILS = 300
MOST_BYTES = 10 * 1024 * 1024

Told = Callable[[str, str], None]


class Catcher:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path, told: Told) -> None:
        """Keep mails in `folder`, the newest MOST_MAILS of them; `told` gets recipients and subject of each."""
        self._folder = folder
        self._told = told
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep one mail."""
        del server, session
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        to = ", ".join(envelope.rcpt_tos)
        # As a delivering server does, because the headers of the mail itself need not name whom it went to.
        trace = f"Return-Path: <{envelope.mail_from or ''}>\r\nDelivered-To: {to}\r\n"
        # Names sort by time, and a page never sees half a file.
        name = f"{time.time_ns():020d}"
        making = self._folder / f"{name}.new"
        making.write_bytes(trace.encode() + content)
        making.rename(self._folder / f"{name}.eml")
        for old in sorted(self._folder.glob("*.eml"))[:-MOST_MAILS]:
            old.unlink(missing_ok=True)
        subject = BytesHeaderParser(policy=email.policy.default).parsebytes(content)["subject"]
        self._told(to, str(subject or "(no subject)"))
        return "250 2.0.0 Caught"


@asynccontextmanager
async def catching(folder: Path, told: Told) -> AsyncIterator[int]:
    """Catch mail into a folder; gives the port, a free one on 127.0.0.1."""
    catcher = Catcher(folder, told)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="localhost", loop=loop),
        HOST,
        0,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
