"""The mail by which a further mailbox of a person or of a team is proven."""

from typing import Final

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import letters, mailboxes, proofs
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import link

_LANGUAGES: Final = {
    "en": Words(
        subject="May reminders be sent here?",
        paragraphs=(
            "Hello,",
            "{email} would like reminders to be sent to this mailbox. Please confirm that this is all right.",
        ),
        action="Confirm mailbox",
        closing=(
            "The link works for 30 minutes, once.",
            "If you do not know what this is about, do nothing: nothing else is sent to this mailbox.",
        ),
    ),
    "de": Words(
        subject="Dürfen Erinnerungen hierher kommen?",
        paragraphs=(
            "Hallo,",
            (
                "{email} möchte, dass Erinnerungen an dieses Postfach geschickt werden. Bitte bestätige, dass das in "
                "Ordnung ist."
            ),
        ),
        action="Postfach bestätigen",
        closing=(
            "Der Link gilt 30 Minuten und nur einmal.",
            "Wenn du nicht weißt, worum es geht, tu nichts: An dieses Postfach wird sonst nichts geschickt.",
        ),
    ),
}


class VerifyAddress:
    """To a mailbox that somebody has added; it may be a stranger's, so it names them by mail address alone."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where the address is gone or proven, or whoever asked is gone."""
        asker = await letters.reader(work, row) if row.user_id else None
        if asker is None or row.about is None or not await mailboxes.unproven(work, row.about):
            return None
        token = await proofs.make(work, mailboxes.PURPOSE, user_id=asker.id, about=row.about)
        words = words_of(_LANGUAGES, asker.locale)
        return words.letter(url=link(settings, "verify", token, words.locale), email=asker.email)


KIND = VerifyAddress()
