"""The mail catcher of `reminders up`."""

import smtplib
from asyncio import to_thread
from pathlib import Path

from cli import mail_catcher
from cli.mail_catcher import Catcher, catching
from web import mailbox

MAIL = b"From: a@example.com\r\nSubject: =?utf-8?q?F=C3=BCttern?=\r\n\r\nNow.\r\n"


def send(port: int, times: int = 1) -> None:
    """Send the mail, as any program would."""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        for _ in range(times):
            smtp.sendmail("a@example.com", ["b@example.com", "c@example.com"], MAIL)


async def test_what_is_sent_can_be_read(tmp_path: Path) -> None:
    """A mail becomes a file with sender and recipients on top, and is told of."""
    told: list[tuple[str, str]] = []
    async with catching(tmp_path / "mail", lambda *words: told.append(words)) as port:
        await to_thread(send, port)
    [mail] = mailbox.newest(tmp_path / "mail")
    assert (mail.to, mail.subject, mail.text) == ("b@example.com, c@example.com", "Füttern", "Now.\n")
    assert told == [(mail.to, mail.subject)]


async def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """A folder that is full loses its oldest mails."""
    Catcher(tmp_path, print)
    for number in range(mail_catcher.MOST_MAILS + 5):
        (tmp_path / f"{number:020d}.eml").write_bytes(MAIL)
    async with catching(tmp_path, lambda *_: None) as port:
        await to_thread(send, port)
    names = sorted(path.stem for path in tmp_path.iterdir())
    assert len(names) == mail_catcher.MOST_MAILS
    assert names[0] == f"{6:020d}"
