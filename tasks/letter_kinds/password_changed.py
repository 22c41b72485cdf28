"""The notice that a password has changed."""

from typing import Final

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import letters
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import page

_LANGUAGES: Final = {
    "en": Words(
        subject="Your password has been changed",
        paragraphs=(
            "Hello {name},",
            "the password of your account has just been changed, and everything signed in elsewhere was signed out.",
            "If that was you, there is nothing to do.",
        ),
        action="That was not me: set a new password",
        closing=("You get this because the account belongs to this mail address.",),
    ),
    "de": Words(
        subject="Dein Passwort wurde geändert",
        paragraphs=(
            "Hallo {name},",
            "das Passwort deines Kontos wurde soeben geändert, und alles, was anderswo angemeldet war, ist abgemeldet.",
            "Wenn du das warst, ist nichts zu tun.",
        ),
        action="Das war ich nicht: neues Passwort festlegen",
        closing=("Du bekommst das, weil das Konto zu dieser Mailadresse gehört.",),
    ),
}


class PasswordChanged:
    """To the owner of an account, whoever it was that changed the password."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing to a mailbox that was never proven."""
        reader = await letters.reader(work, row)
        if reader is None or reader.email_verified_at is None:
            return None
        words = words_of(_LANGUAGES, reader.locale)
        return words.letter(url=page(settings, "forgot", lang=words.locale), name=reader.name)


KIND = PasswordChanged()
