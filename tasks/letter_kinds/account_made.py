"""The letter to somebody for whom the operator has made an account."""

from datetime import timedelta
from typing import Final

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import credentials, letters, proofs
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import link

LETTER: Final = "account_made"
# Nobody waits in front of it, as whoever has forgotten a password does.
LASTS: Final = timedelta(days=3)

_LANGUAGES: Final = {
    "en": Words(
        subject="Your account for reminders",
        paragraphs=("Hello {name},", "an account has been made for you. Set a password, and you can sign in."),
        action="Set a password",
        closing=("The link works for three days, once; later ask for a new one with “forgot password”.",),
    ),
    "de": Words(
        subject="Dein Konto für Erinnerungen",
        paragraphs=(
            "Hallo {name},",
            "für dich wurde ein Konto angelegt. Lege ein Passwort fest, dann kannst du dich anmelden.",
        ),
        action="Passwort festlegen",
        closing=("Der Link gilt drei Tage und nur einmal; später hilft „Passwort vergessen“.",),
    ),
}


class AccountMade:
    """To the mailbox that the operator named."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where the account is gone meanwhile."""
        reader = await letters.reader(work, row)
        if reader is None:
            return None
        token = await proofs.make(work, credentials.RESET, user_id=reader.id, lifetime=LASTS)
        words = words_of(_LANGUAGES, reader.locale)
        return words.letter(url=link(settings, "reset", token, words.locale), name=reader.name)


KIND = AccountMade()
