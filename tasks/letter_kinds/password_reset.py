"""The mail by which a forgotten password is set anew; to an unproven mailbox it is the mail that proves it as well."""

from typing import Final

from channels.base import Letter
from core.settings import Settings
from core.work import Work
from crud import credentials, letters, proofs
from crud.letters import Claimed
from tasks.letter_kinds._words import Words, words_of
from tasks.letter_kinds.base import link

_LANGUAGES: Final = {
    "en": Words(
        subject="Set a new password",
        paragraphs=("Hello {name},", "somebody, hopefully you, would like to set a new password for your account."),
        action="Set a new password",
        closing=(
            "The link works for 30 minutes, once.",
            "If that was not you, do nothing: your password stays as it is.",
        ),
    ),
    "de": Words(
        subject="Neues Passwort festlegen",
        paragraphs=("Hallo {name},", "jemand, hoffentlich du, möchte für dein Konto ein neues Passwort festlegen."),
        action="Neues Passwort festlegen",
        closing=(
            "Der Link gilt 30 Minuten und nur einmal.",
            "Wenn du das nicht warst, tu nichts: Dein Passwort bleibt, wie es ist.",
        ),
    ),
}
_UNPROVEN: Final = {
    "en": Words(
        subject="Confirm your mail address and set a password",
        paragraphs=(
            "Hello {name},",
            (
                "somebody, hopefully you, would like to set a new password for your account. This mailbox is not "
                "confirmed yet: setting the password confirms that it is yours."
            ),
        ),
        action="Confirm and set a password",
        closing=(
            "The link works for 30 minutes, once.",
            "If you have not made an account, do nothing, and nothing happens.",
        ),
    ),
    "de": Words(
        subject="Mailadresse bestätigen und Passwort festlegen",
        paragraphs=(
            "Hallo {name},",
            (
                "jemand, hoffentlich du, möchte für dein Konto ein neues Passwort festlegen. Dieses Postfach ist noch "
                "nicht bestätigt: Mit dem Passwort bestätigst du, dass es dir gehört."
            ),
        ),
        action="Bestätigen und Passwort festlegen",
        closing=(
            "Der Link gilt 30 Minuten und nur einmal.",
            "Wenn du kein Konto angelegt hast, tu nichts, dann geschieht auch nichts.",
        ),
    ),
}


class PasswordReset:
    """To whoever has forgotten a password; nobody else learns whether there is an account."""

    async def compose(self, work: Work, settings: Settings, row: Claimed) -> Letter | None:
        """Say nothing where there is no account."""
        reader = await letters.reader(work, row)
        if reader is None:
            return None
        token = await proofs.make(work, credentials.RESET, user_id=reader.id)
        words = words_of(_LANGUAGES if reader.email_verified_at else _UNPROVEN, reader.locale)
        return words.letter(url=link(settings, "reset", token, words.locale), name=reader.name)


KIND = PasswordReset()
