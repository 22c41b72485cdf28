"""`/mail`: the mails that the mail catcher of `reminders up` has kept. In production there is no such page."""

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from core.errors import NotFound
from routers.deps import SettingsDep
from web import mailbox
from web.mailbox import Mail
from web.rendering import page

router = APIRouter(prefix="/mail")

# Somebody else's HTML: no script, no form, nothing from the network, and only inside of our own page.
PART_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


def _folder(settings: SettingsDep) -> Path:
    if settings.production or settings.mail_catcher_dir is None:
        raise NotFound("There is no mail catcher here; `reminders up` brings one")
    return settings.mail_catcher_dir


FolderDep = Annotated[Path, Depends(_folder)]


async def _mail(mail_id: str, folder: FolderDep) -> Mail:
    found = await asyncio.to_thread(mailbox.read, folder, mail_id)
    if found is None:
        raise NotFound("This mail is not there; the oldest ones are removed")
    return found


MailDep = Annotated[Mail, Depends(_mail)]


@router.get("")
async def mails(folder: FolderDep) -> HTMLResponse:
    """List the newest mails."""
    return page("mails.html", mails=await asyncio.to_thread(mailbox.newest, folder))


@router.get("/{mail_id}")  # noqa: FAST003  MailDep takes it
async def mail(mail: MailDep) -> HTMLResponse:
    """Show one mail."""
    return page("mail.html", mail=mail)


@router.get("/{mail_id}/html")  # noqa: FAST003  MailDep takes it
async def html_part(mail: MailDep) -> HTMLResponse:
    """Give the HTML of a mail, fenced in."""
    return HTMLResponse(mail.html or "", headers=PART_HEADERS)
