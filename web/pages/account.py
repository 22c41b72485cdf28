"""`/account/verify` and `/account/email-change`: mailboxes agree. Looking changes nothing, pressing does."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from core.errors import DomainError
from crud import email_changes, mailboxes, proofs
from crud.proofs import InvalidProof
from web.pages.account_password import broken
from web.sheets import Form, Sheet, Visit, looked_at, sent

router = APIRouter(prefix="/account")


@dataclass(frozen=True, slots=True)
class Words:
    """What these pages say, in one language."""

    verify: str
    verify_more: str
    verify_press: str
    verified: str
    verified_more: str
    move: str
    move_more: str
    move_press: str
    move_refuse: str
    moved: str
    moved_more: str
    half: str
    half_more: str
    refused: str
    refused_more: str


_WORDS: Final = {
    "en": Words(
        verify="Confirm your mailbox",
        verify_more="Press the button to confirm that the mailbox that got this link is yours.",
        verify_press="Confirm",
        verified="Confirmed",
        verified_more="Reminders can now be sent to this mailbox. You can close this page.",
        move="Change the mail address?",
        move_more="The account is to move from {old} to {new}, once both mailboxes have confirmed it.",
        move_press="Confirm the change",
        move_refuse="Stop it: that was not me",
        moved="The mail address has changed",
        moved_more="From now on you sign in with {new}, and reminders go there.",
        half="Thank you. The other mailbox is next",
        half_more="The account moves as soon as the other mailbox has confirmed it, too.",
        refused="Stopped",
        refused_more="The mail address stays as it is. If you did not ask for the change, somebody knows your "
        "password: set a new one.",
    ),
    "de": Words(
        verify="Bestätige dein Postfach",
        verify_more="Bestätige mit dem Knopf, dass das Postfach, das diesen Link bekommen hat, dir gehört.",
        verify_press="Bestätigen",
        verified="Bestätigt",
        verified_more="An dieses Postfach können nun Erinnerungen geschickt werden. Du kannst diese Seite schließen.",
        move="Mailadresse ändern?",
        move_more="Das Konto soll von {old} zu {new} umziehen, sobald beide Postfächer zustimmen.",
        move_press="Änderung bestätigen",
        move_refuse="Anhalten: Das war ich nicht",
        moved="Die Mailadresse ist geändert",
        moved_more="Ab jetzt meldest du dich mit {new} an, und Erinnerungen kommen dorthin.",
        half="Danke. Nun fehlt das andere Postfach",
        half_more="Das Konto zieht um, sobald auch das andere Postfach zugestimmt hat.",
        refused="Angehalten",
        refused_more="Die Mailadresse bleibt, wie sie ist. Wenn du die Änderung nicht verlangt hast, kennt jemand dein "
        "Passwort: Setz ein neues.",
    ),
}


@router.get("/verify")
async def ask_to_verify(request: Request) -> HTMLResponse:
    """Ask whether the mailbox is to be taken as proven."""
    visit = looked_at(request)
    words = _WORDS[visit.locale]
    try:
        await visit.act(lambda work: proofs.look(work, mailboxes.PURPOSE, visit.token))
    except InvalidProof as error:
        return broken(visit, error, "resend")
    return visit.show(Sheet(words.verify, [words.verify_more], [Form([("verify", words.verify_press)])]))


@router.post("/verify")
async def verify(request: Request) -> HTMLResponse:
    """Take the mailbox as proven."""
    visit = await sent(request)
    words = _WORDS[visit.locale]
    try:
        await visit.act(lambda work: mailboxes.confirm(work, visit.settings, visit.token))
    except InvalidProof as error:
        return broken(visit, error, "resend")
    return visit.show(Sheet(words.verified, [words.verified_more], mood="done"))


@router.get("/email-change")
async def ask_to_move(request: Request) -> HTMLResponse:
    """Ask whether the account is to move."""
    visit = looked_at(request)
    try:
        return await _question(visit)
    except InvalidProof as error:
        return broken(visit, error, None)


async def _question(visit: Visit, error: DomainError | None = None) -> HTMLResponse:
    words = _WORDS[visit.locale]
    change = await visit.act(lambda work: email_changes.look(work, visit.token))
    buttons = [("confirm", words.move_press), ("refuse", words.move_refuse)]
    said = words.move_more.format(old=change.old_email, new=change.new_email)
    return visit.show(Sheet(words.move, [said], [Form(buttons)]), error)


@router.post("/email-change")
async def move(request: Request) -> HTMLResponse:
    """Agree to the change, or stop it."""
    visit = await sent(request)
    words = _WORDS[visit.locale]
    try:
        change = await visit.act(lambda work: email_changes.look(work, visit.token))
        if visit.values.get("act") == "refuse":
            await visit.act(lambda work: email_changes.refuse(work, visit.token))
            forgot = (f"/account/forgot?lang={visit.locale}", _forgot(visit.locale))
            return visit.show(Sheet(words.refused, [words.refused_more], mood="done", links=[forgot]))
        moved = await visit.act(lambda work: email_changes.confirm(work, visit.settings, visit.token))
    except InvalidProof as error:
        return broken(visit, error, None)
    except DomainError as error:
        return await _question(visit, error)
    title, more = (words.moved, words.moved_more) if moved else (words.half, words.half_more)
    return visit.show(Sheet(title, [more.format(new=change.new_email)], mood="done"))


def _forgot(locale: str) -> str:
    return {"en": "Set a new password", "de": "Neues Passwort festlegen"}[locale]
