"""What can go wrong on the pages of accounts, for people, by the code of the error."""

from collections.abc import Mapping
from typing import Final

_ENGLISH: Final = {
    "password_too_common": "Anybody would try this password among the first. Please take another one.",
    "password_length": "A password has 8 to 128 characters.",
    "invalid_name": "Please write a name of up to 100 characters.",
    "invalid_email": "This is not a mail address.",
    "too_many_attempts": "That was too often. Please wait a few minutes and try again.",
    "busy": "Too many people are signing in at this moment. Please try again in a few seconds.",
    "email_taken": "There is an account with this mail address already.",
    "invalid_credentials": "Mail address or password is wrong.",
    "totp_required": "Your account asks for a second factor: fill in the code as well.",
    "invalid_totp": "The code is wrong, too old, or was used before.",
    "other_mailbox": "The invitation is for another mail address.",
    "registration_closed": "Nobody can make an account here. Ask whoever runs this service.",
    "invitation_required": "An account here begins with an invitation.",
    "quota_reached": "The team is full.",
}
_GERMAN: Final = {
    "password_too_common": "Dieses Passwort würde jeder als eines der ersten versuchen. Bitte nimm ein anderes.",
    "password_length": "Ein Passwort hat 8 bis 128 Zeichen.",
    "invalid_name": "Bitte schreib einen Namen mit höchstens 100 Zeichen.",
    "invalid_email": "Das ist keine Mailadresse.",
    "too_many_attempts": "Das war zu oft. Bitte warte ein paar Minuten und versuch es noch einmal.",
    "busy": "Im Moment melden sich zu viele an. Bitte versuch es in ein paar Sekunden noch einmal.",
    "email_taken": "Es gibt schon ein Konto mit dieser Mailadresse.",
    "invalid_credentials": "Mailadresse oder Passwort ist falsch.",
    "totp_required": "Dein Konto verlangt einen zweiten Faktor: Bitte gib auch den Code ein.",
    "invalid_totp": "Der Code ist falsch, zu alt oder schon benutzt.",
    "other_mailbox": "Die Einladung gilt für eine andere Mailadresse.",
    "registration_closed": "Hier kann niemand selbst ein Konto anlegen. Frag die, die diesen Dienst betreiben.",
    "invitation_required": "Ein Konto beginnt hier mit einer Einladung.",
    "quota_reached": "Das Team ist voll.",
}


def errors_of(locale: str) -> Mapping[str, str]:
    """Return the sentences of a language by code."""
    return _GERMAN if locale == "de" else _ENGLISH
