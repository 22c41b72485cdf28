"""`/account/forgot`, `/account/resend` and `/account/reset`: links asked for, and a password set anew."""

from dataclasses import dataclass
from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from core.errors import DomainError, Invalid
from core.work import Work
from crud import credentials, mailboxes
from crud.proofs import InvalidProof
from routers.clients import ClientDep
from routers.problems import status_of
from schemas.accounts import Password
from web.sheets import Field, Form, Sheet, Visit, looked_at, sent

router = APIRouter(prefix="/account")

_PASSWORD: Final[TypeAdapter[str]] = TypeAdapter(Password)


class PasswordLength(Invalid):
    """A password has 8 to 128 characters."""

    code = "password_length"


@dataclass(frozen=True, slots=True)
class Words:
    """What these pages say, in one language."""

    email: str
    password: str
    hint: str
    reset: str
    reset_more: str
    reset_press: str
    done: str
    done_more: str
    forgot: str
    forgot_more: str
    forgot_press: str
    resend: str
    resend_more: str
    resend_press: str
    sent: str
    sent_more: str
    broken: str
    broken_more: str
    again: str


_WORDS: Final = {
    "en": Words(
        email="Mail address",
        password="New password",  # noqa: S106  a label
        hint="8 to 128 characters; 12 or more are better. A few words that do not belong together are good.",
        reset="Set a new password",
        reset_more="Everything that is signed in with the old one is signed out.",
        reset_press="Set password",
        done="Your password is set",
        done_more="Sign in with it from now on. You can close this page.",
        forgot="Forgotten your password?",
        forgot_more="We send you a mail with a link by which you set a new one.",
        forgot_press="Send the mail",
        resend="Confirm your mail address",
        resend_more="We send you the mail with the link once more.",
        resend_press="Send the mail again",
        sent="A mail is on its way",
        sent_more="If there is an account with this mail address, the mail will be there in a moment. Look into the "
        "spam folder, too.",
        broken="This link does not work any more",
        broken_more="It has been used or has expired, or a newer one has been sent.",
        again="Write down your mail address, and we send you a new one.",
    ),
    "de": Words(
        email="Mailadresse",
        password="Neues Passwort",  # noqa: S106  a label
        hint="8 bis 128 Zeichen; 12 oder mehr sind besser. Gut sind ein paar Wörter, die nicht zusammengehören.",
        reset="Neues Passwort festlegen",
        reset_more="Alles, was mit dem alten angemeldet ist, wird abgemeldet.",
        reset_press="Passwort festlegen",
        done="Dein Passwort ist festgelegt",
        done_more="Melde dich ab jetzt damit an. Du kannst diese Seite schließen.",
        forgot="Passwort vergessen?",
        forgot_more="Wir schicken dir eine Mail mit einem Link, über den du ein neues festlegst.",
        forgot_press="Mail schicken",
        resend="Bestätige deine Mailadresse",
        resend_more="Wir schicken dir die Mail mit dem Link noch einmal.",
        resend_press="Mail noch einmal schicken",
        sent="Eine Mail ist unterwegs",
        sent_more="Wenn es ein Konto mit dieser Adresse gibt, ist die Mail gleich da. Sieh auch im Spam-Ordner nach.",
        broken="Dieser Link geht nicht mehr",
        broken_more="Er wurde benutzt oder ist abgelaufen, oder es gibt einen neueren.",
        again="Schreib deine Mailadresse auf, dann schicken wir dir einen neuen.",
    ),
}

Asked = Literal["forgot", "resend"]


def new_password(visit: Visit, label: str | None = None) -> Field:
    """Return the line for a new password."""
    words = _WORDS[visit.locale]
    least, most = 8, 128
    kind: Literal["password"] = "password"
    return Field("password", label or words.password, kind, "new-password", words.hint, least=least, most=most)


def email_line(visit: Visit, value: str = "", *, readonly: bool = False) -> Field:
    """Return the line for a mail address."""
    return Field("email", _WORDS[visit.locale].email, "email", "username", value=value, readonly=readonly)


def password_of(visit: Visit) -> str:
    """Return the password that was sent; raises PasswordLength."""
    try:
        return _PASSWORD.validate_python(visit.values.get("password", ""))
    except ValidationError as error:
        raise PasswordLength(field="password") from error


def broken(visit: Visit, error: DomainError, instead: Asked | None, *, advice: str = "") -> HTMLResponse:
    """Return the page of a link that does not work, with a form that asks for a new one, or advice."""
    words = _WORDS[visit.locale]
    said, forms = ([words.again], [_asking(visit, instead)]) if instead else ([advice] if advice else [], [])
    response = visit.show(Sheet(words.broken, [words.broken_more, *said], forms, mood="broken"))
    response.status_code = status_of(type(error))
    return response


def _asking(visit: Visit, what: Asked) -> Form:
    words = _WORDS[visit.locale]
    press = words.forgot_press if what == "forgot" else words.resend_press
    return Form([(what, press)], [email_line(visit, visit.values.get("email", ""))], action=f"/account/{what}")


def _asked(visit: Visit, what: Asked, error: DomainError | None = None) -> HTMLResponse:
    words = _WORDS[visit.locale]
    title, more = (words.forgot, words.forgot_more) if what == "forgot" else (words.resend, words.resend_more)
    return visit.show(Sheet(title, [more], [_asking(visit, what)]), error)


@router.get("/forgot")
async def ask_forgot(request: Request) -> HTMLResponse:
    """Ask for the mail address of whoever has forgotten a password."""
    return _asked(looked_at(request), "forgot")


@router.get("/resend")
async def ask_resend(request: Request) -> HTMLResponse:
    """Ask for the mail address of an account that is not proven."""
    return _asked(looked_at(request), "resend")


@router.post("/forgot")
async def forgot(request: Request, client: ClientDep) -> HTMLResponse:
    """Send the mail by which a password is set anew."""
    return await _send(await sent(request), "forgot", client)


@router.post("/resend")
async def resend(request: Request, client: ClientDep) -> HTMLResponse:
    """Send the mail that proves a mailbox."""
    return await _send(await sent(request), "resend", client)


async def _send(visit: Visit, what: Asked, client: str) -> HTMLResponse:
    words = _WORDS[visit.locale]
    verb = credentials.forgot if what == "forgot" else mailboxes.ask_again
    try:
        await visit.act(lambda work: verb(work, visit.settings, visit.values.get("email", ""), client))
    except DomainError as error:
        return _asked(visit, what, error)
    return visit.show(Sheet(words.sent, [words.sent_more], mood="done"))


@router.get("/reset")
async def ask_reset(request: Request) -> HTMLResponse:
    """Ask for the new password."""
    return await _reset_form(looked_at(request))


async def _reset_form(visit: Visit, error: DomainError | None = None) -> HTMLResponse:
    words = _WORDS[visit.locale]
    try:
        email = await visit.act(lambda work: credentials.whose(work, visit.token))
    except InvalidProof as gone:
        return broken(visit, gone, "forgot")
    # Shown, so that whatever keeps passwords knows for which account.
    fields = [email_line(visit, email, readonly=True), new_password(visit)]
    return visit.show(Sheet(words.reset, [words.reset_more], [Form([("reset", words.reset_press)], fields)]), error)


@router.post("/reset")
async def reset(request: Request) -> HTMLResponse:
    """Set the new password."""
    visit = await sent(request)
    words = _WORDS[visit.locale]

    async def set_it(work: Work) -> None:
        await credentials.reset(work, visit.settings, visit.token, password_of(visit))

    try:
        await visit.act(set_it)
    except DomainError as error:
        return await _reset_form(visit, error)
    return visit.show(Sheet(words.done, [words.done_more], mood="done"))
