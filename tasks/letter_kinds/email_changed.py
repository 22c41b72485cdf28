"""The notice to the former mailbox that the account has moved."""

from typing import Final

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import letters
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of

_LANGUAGES: Final = {
    "en": Words(
        subject="Your mail address has been changed",
        paragraphs=(
            "Hello {name},",
            (
                "your account has moved from this mail address to {email}. From now on you sign in with that one, and "
                "reminders go there."
            ),
        ),
        closing=("This mailbox has confirmed the change. If that was not you, write to whoever runs this service.",),
    ),
    "de": Words(
        subject="Deine Mailadresse wurde geändert",
        paragraphs=(
            "Hallo {name},",
            (
                "dein Konto ist von dieser Mailadresse zu {email} umgezogen. Ab jetzt meldest du dich damit an, und "
                "Erinnerungen kommen dorthin."
            ),
        ),
        closing=(
            (
                "Dieses Postfach hat die Änderung bestätigt. Wenn du das nicht warst, schreib denen, die diesen Dienst "
                "betreiben."
            ),
        ),
    ),
}


class EmailChanged:
    """To the mailbox that the account had before."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing about an account that has gone."""
        del settings
        reader = await letters.reader(work, row) if row.user_id else None
        if reader is None:
            return None
        return words_of(_LANGUAGES, reader.locale).letter(name=reader.name, email=reader.email)


KIND = EmailChanged()
