"""A test message to an address, through its own channel."""

from dataclasses import dataclass
from typing import Final

from channels.base import Message
from core.settings import Settings
from core.work import Work
from crud import addresses, letters, mailboxes
from crud.letters import Claimed
from tasks.letter_kinds.base import Errand
from tasks.messages import local_time


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    body: str


_LANGUAGES: Final = {
    "en": _Words("Test message", "If you can read this, reminders arrive here. {} asked for it."),
    "de": _Words("Testnachricht", "Wenn du das liest, kommen Erinnerungen hier an. {} hat darum gebeten."),
}


class AddressTest:
    """To an address that somebody tries out; it looks as a reminder does."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Errand | None:
        """Send nothing where the address has gone, or may not be written to any more."""
        asker = await letters.reader(work, row) if row.user_id else None
        address = await mailboxes.reachable(work, row.about) if row.about else None
        if asker is None or address is None:
            return None
        locale = asker.locale or "en"
        words = _LANGUAGES.get(locale, _LANGUAGES["en"])
        zone = asker.timezone or address.team_timezone or "UTC"
        message = Message(
            delivery_id=str(row.id),
            title=words.title,
            body=words.body.format(asker.name),
            team=address.team_name or asker.name,
            due_at=row.created_at,
            due_local=local_time(row.created_at, zone, locale),
            sent_at=row.claimed_at,
            locale=locale,
        )
        return Errand(address.kind, addresses.opened(settings, address), message)


KIND = AddressTest()
