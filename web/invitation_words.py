"""What the page of an invitation says."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `{team}` and its like are filled in."""

    title: str
    invited: str
    roles: dict[str, str]
    join: str
    decline: str
    sign_in: str
    sign_in_press: str
    register: str
    register_more: str
    register_press: str
    protect: str
    protect_press: str
    name: str
    password: str
    code: str
    code_hint: str
    joined: str
    joined_more: str
    declined: str
    declined_more: str
    prove: str
    gone: str


WORDS: Final = {
    "en": Words(
        title="Join {team}?",
        invited="{name} invites you into the team {team}{role}.",
        roles={"owner": " as an owner", "admin": " as an admin", "member": " as a member", "viewer": " to look on"},
        join="Join the team",
        decline="Decline",
        sign_in="You have an account",
        sign_in_press="Sign in and join",
        register="You are new here",
        register_more="Make an account for {email}. The mailbox needs no further confirmation.",
        register_press="Make an account and join",
        protect="There is an account for {email} that was never confirmed. Choose a password for it: whoever was "
        "signed in before is signed out.",
        protect_press="Set password and join",
        name="Your name",
        password="Password",  # noqa: S106  a label
        code="Code of your authenticator app",
        code_hint="Only where you have switched on a second factor.",
        joined="Welcome to {team}",
        joined_more="You belong to the team now. Sign in with {email}.",
        declined="Declined",
        declined_more="You have not joined {team}. You can close this page.",
        prove="We have sent you a mail: press the button in it, so that reminders can reach you.",
        gone="Whoever invited you can do so again.",
    ),
    "de": Words(
        title="{team} beitreten?",
        invited="{name} lädt dich in das Team {team} ein{role}.",
        roles={"owner": ", als Eigentümer", "admin": ", als Admin", "member": ", als Mitglied", "viewer": ", als Gast"},
        join="Dem Team beitreten",
        decline="Ablehnen",
        sign_in="Du hast ein Konto",
        sign_in_press="Anmelden und beitreten",
        register="Du bist neu hier",
        register_more="Leg ein Konto für {email} an. Das Postfach muss nicht weiter bestätigt werden.",
        register_press="Konto anlegen und beitreten",
        protect="Es gibt ein Konto für {email}, das nie bestätigt wurde. Wähle ein Passwort dafür: Wer vorher damit "
        "angemeldet war, ist es dann nicht mehr.",
        protect_press="Passwort festlegen und beitreten",
        name="Dein Name",
        password="Passwort",  # noqa: S106  a label
        code="Code deiner Authenticator-App",
        code_hint="Nur wenn du einen zweiten Faktor eingeschaltet hast.",
        joined="Willkommen bei {team}",
        joined_more="Du gehörst jetzt zum Team. Melde dich mit {email} an.",
        declined="Abgelehnt",
        declined_more="Du bist {team} nicht beigetreten. Du kannst diese Seite schließen.",
        prove="Wir haben dir eine Mail geschickt: Drück den Knopf darin, damit dich Erinnerungen erreichen.",
        gone="Wer dich eingeladen hat, kann das noch einmal tun.",
    ),
}
