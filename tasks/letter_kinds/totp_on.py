"""The notice that a second factor was switched on."""

from typing import Final

from tasks.letter_kinds._notice import Notice
from tasks.letter_kinds._words import Words

_LANGUAGES: Final = {
    "en": Words(
        subject="Signing in now takes a second factor",
        paragraphs=(
            "Hello {name},",
            (
                "a second factor has just been switched on for your account: from now on signing in takes a code of "
                "an authenticator app beside the password. Keep the recovery codes where you find them without your "
                "telephone."
            ),
            "If that was you, there is nothing to do.",
        ),
        action="That was not me: set a new password",
        closing=("You get this because the account belongs to this mail address.",),
    ),
    "de": Words(
        subject="Die Anmeldung verlangt jetzt einen zweiten Faktor",
        paragraphs=(
            "Hallo {name},",
            (
                "für dein Konto wurde soeben ein zweiter Faktor eingeschaltet: Ab jetzt brauchst du zum Anmelden "
                "neben dem Passwort einen Code aus einer Authenticator-App. Bewahre die Wiederherstellungscodes dort "
                "auf, wo du sie auch ohne dein Telefon findest."
            ),
            "Wenn du das warst, ist nichts zu tun.",
        ),
        action="Das war ich nicht: neues Passwort festlegen",
        closing=("Du bekommst das, weil das Konto zu dieser Mailadresse gehört.",),
    ),
}

KIND = Notice(_LANGUAGES)
