"""The mail by which the mailbox of an account is proven."""

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
        subject="Confirm your mail address",
        paragraphs=(
            "Hello {name},",
            "please confirm that this mailbox is yours. Until then nothing else is sent to it.",
        ),
        action="Confirm mail address",
        closing=(
            "The link works for 30 minutes, once.",
            "If you have not made an account, somebody has mistyped theirs: do nothing, and nothing happens.",
        ),
    ),
    "de": Words(
        subject="Bestätige deine Mailadresse",
        paragraphs=(
            "Hallo {name},",
            "bitte bestätige, dass dieses Postfach dir gehört. Bis dahin wird nichts anderes dorthin geschickt.",
        ),
        action="Mailadresse bestätigen",
        closing=(
            "Der Link gilt 30 Minuten und nur einmal.",
            "Wenn du kein Konto angelegt hast, hat sich jemand vertippt: Tu nichts, dann geschieht auch nichts.",
        ),
    ),
}


class VerifyEmail:
    """To somebody who has registered, or asked for the mail once more."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where there is no account, or its mailbox is proven already."""
        reader = await letters.reader(work, row)
        if reader is None or reader.email != row.to or reader.email_verified_at is not None:
            return None
        token = await proofs.make(work, mailboxes.PURPOSE, user_id=reader.id)
        words = words_of(_LANGUAGES, reader.locale)
        return words.letter(url=link(settings, "verify", token, words.locale), name=reader.name)


KIND = VerifyEmail()
