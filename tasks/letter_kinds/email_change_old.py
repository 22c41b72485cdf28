"""The question to the mailbox of today whether the account may move to another one."""

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
        subject="Is your mail address to change?",
        paragraphs=(
            "Hello {name},",
            (
                "your account is to move from this mail address to {new}. That happens when both mailboxes "
                "have confirmed it, within 24 hours."
            ),
        ),
        action="Confirm, or say that it was not you",
        closing=(
            "The link works for 30 minutes, once; asking for the change again sends another.",
            "If it was not you, say so behind the link, and change your password: somebody knows it.",
        ),
    ),
    "de": Words(
        subject="Soll sich deine Mailadresse ändern?",
        paragraphs=(
            "Hallo {name},",
            (
                "dein Konto soll von dieser Mailadresse zu {new} umziehen. Das geschieht, wenn beide Postfächer es "
                "bestätigt haben, innerhalb von 24 Stunden."
            ),
        ),
        action="Bestätigen oder widersprechen",
        closing=(
            "Der Link gilt 30 Minuten und nur einmal; wer die Änderung noch einmal verlangt, bekommt einen neuen.",
            "Wenn du das nicht warst, widersprich hinter dem Link und ändere dein Passwort: Jemand kennt es.",
        ),
    ),
}


class EmailChangeOld:
    """To the mailbox that the account has now."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where the change was confirmed here, dropped, or has run out."""
        change = await email_changes.waiting(work, row.about)
        reader = await letters.reader(work, row)
        if change is None or reader is None or change.old_confirmed_at is not None or reader.email != row.to:
            return None
        token = await proofs.make(work, email_changes.OLD, user_id=reader.id, about=change.id)
        words = words_of(_LANGUAGES, reader.locale)
        url = link(settings, "email-change", token, words.locale)
        return words.letter(url=url, name=reader.name, new=change.new_email)


KIND = EmailChangeOld()
