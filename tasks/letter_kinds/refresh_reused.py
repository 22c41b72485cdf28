"""The notice that a session was ended because its secret was used twice."""

from typing import Final

from tasks.letter_kinds._notice import Notice
from tasks.letter_kinds._words import Words

_LANGUAGES: Final = {
    "en": Words(
        subject="We have signed you out on one device",
        paragraphs=(
            "Hello {name},",
            (
                "somebody used a secret of one of your sign-ins that had been used before. Either a program of yours "
                "repeated itself, or somebody has copied it. To be safe we have ended that sign-in on every device "
                "that shares it."
            ),
            "Sign in again where you were signed out. If you do not know how this came about, set a new password.",
        ),
        action="Set a new password",
        closing=("You get this because the account belongs to this mail address.",),
    ),
    "de": Words(
        subject="Wir haben dich auf einem Gerät abgemeldet",
        paragraphs=(
            "Hallo {name},",
            (
                "jemand hat ein Geheimnis einer deiner Anmeldungen benutzt, das schon verbraucht war. Entweder hat "
                "sich eines deiner Programme wiederholt, oder jemand hat es kopiert. Zur Sicherheit haben wir diese "
                "Anmeldung überall beendet, wo sie galt."
            ),
            (
                "Melde dich dort neu an, wo du abgemeldet wurdest. Wenn du dir das nicht erklären kannst, leg ein "
                "neues Passwort fest."
            ),
        ),
        action="Neues Passwort festlegen",
        closing=("Du bekommst das, weil das Konto zu dieser Mailadresse gehört.",),
    ),
}

KIND = Notice(_LANGUAGES)
