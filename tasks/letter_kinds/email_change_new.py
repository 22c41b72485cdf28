"""The question to a new mailbox whether the account may move there."""

from typing import Final

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import email_changes, letters, proofs
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import link

_LANGUAGES: Final = {
    "en": Words(
        subject="Confirm your new mail address",
        paragraphs=("Hello,", "the account of {old} is to move to this mailbox. Please confirm that it is yours."),
        action="Confirm new mail address",
        closing=(
            "The link works for 30 minutes, once; asking for the change again sends another.",
            "If you do not know what this is about, do nothing, and nothing happens.",
        ),
    ),
    "de": Words(
        subject="Bestätige deine neue Mailadresse",
        paragraphs=(
            "Hallo,",
            "das Konto von {old} soll zu diesem Postfach umziehen. Bitte bestätige, dass es dir gehört.",
        ),
        action="Neue Mailadresse bestätigen",
        closing=(
            "Der Link gilt 30 Minuten und nur einmal; wer die Änderung noch einmal verlangt, bekommt einen neuen.",
            "Wenn du nicht weißt, worum es geht, tu nichts, dann geschieht auch nichts.",
        ),
    ),
}


class EmailChangeNew:
    """To the mailbox that the account is to have."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where the change was confirmed here, dropped, or has run out."""
        change = await email_changes.waiting(work, row.about)
        reader = await letters.reader(work, row)
        if change is None or reader is None or change.new_confirmed_at is not None or change.new_email != row.to:
            return None
        token = await proofs.make(work, email_changes.NEW, user_id=reader.id, about=change.id)
        words = words_of(_LANGUAGES, reader.locale)
        return words.letter(url=link(settings, "email-change", token, words.locale), old=reader.email)


KIND = EmailChangeNew()
