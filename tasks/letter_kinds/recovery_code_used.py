"""The notice that a recovery code was used."""

from typing import Final

from tasks.letter_kinds._notice import Notice
from tasks.letter_kinds._words import Words

_LANGUAGES: Final = {
    "en": Words(
        subject="One of your recovery codes was used",
        paragraphs=(
            "Hello {name},",
            (
                "one of your recovery codes has just been used in the place of a code of your authenticator app. It "
                "does not work a second time."
            ),
            "If that was you, there is nothing to do; make new ones when few are left.",
        ),
        action="That was not me: set a new password",
        closing=("You get this because the account belongs to this mail address.",),
    ),
    "de": Words(
        subject="Einer deiner Wiederherstellungscodes wurde benutzt",
        paragraphs=(
            "Hallo {name},",
            (
                "einer deiner Wiederherstellungscodes wurde soeben anstelle eines Codes aus deiner Authenticator-App "
                "benutzt. Er gilt kein zweites Mal."
            ),
            "Wenn du das warst, ist nichts zu tun; erzeuge neue, wenn nur noch wenige übrig sind.",
        ),
        action="Das war ich nicht: neues Passwort festlegen",
        closing=("Du bekommst das, weil das Konto zu dieser Mailadresse gehört.",),
    ),
}

KIND = Notice(_LANGUAGES)
