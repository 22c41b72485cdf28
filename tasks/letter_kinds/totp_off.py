"""The notice that the second factor was switched off."""

from typing import Final

from tasks.letter_kinds._notice import Notice
from tasks.letter_kinds._words import Words

_LANGUAGES: Final = {
    "en": Words(
        subject="Signing in takes no second factor any more",
        paragraphs=(
            "Hello {name},",
            (
                "the second factor of your account has just been switched off: from now on the password alone is "
                "enough to sign in."
            ),
            "If that was you, there is nothing to do.",
        ),
        action="That was not me: set a new password",
        closing=("You get this because the account belongs to this mail address.",),
    ),
    "de": Words(
        subject="Die Anmeldung verlangt keinen zweiten Faktor mehr",
        paragraphs=(
            "Hallo {name},",
            ("der zweite Faktor deines Kontos wurde soeben ausgeschaltet: Ab jetzt genügt zum Anmelden das Passwort."),
            "Wenn du das warst, ist nichts zu tun.",
        ),
        action="Das war ich nicht: neues Passwort festlegen",
        closing=("Du bekommst das, weil das Konto zu dieser Mailadresse gehört.",),
    ),
}

KIND = Notice(_LANGUAGES)
