"""What every kind of letter offers, and what it may return."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from channels.base import Letter, Message
from core.settings import Settings
from core.work import Work
from crud.letters import Claimed


@dataclass(frozen=True, slots=True)
class Errand:
    """A message for another channel than mail, such as a test of a Slack channel."""

    channel: str
    address: str
    message: Message


class Kind(Protocol):
    """One kind of letter; its module offers an instance as `KIND`."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | Errand | None:
        """Return what is to be said to `row.to` now, in its reader's language; None: there is nobody to write to.

        It runs in a transaction of its own, which commits before anything is sent; so the secret of a link can be
        made here (`crud.proofs.make`), anew for each attempt, and is never at rest.
        """
        ...


def link(settings: Settings, name: str, token: str, locale: str) -> str:
    """Return the address of a page under `/account` that takes a secret, in a language."""
    return page(settings, name, token=token, lang=locale)


def page(settings: Settings, name: str, **query: str) -> str:
    """Return the address of a page under `/account`."""
    return f"{settings.public_url.rstrip('/')}/account/{name}?{urlencode(query)}"
