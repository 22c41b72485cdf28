"""`/unsubscribe/{token}`: the page behind the link at the foot of a mail, and its one click (RFC 8058).

Looking changes nothing, because mail scanners open links. The token is all the authority there is: whoever presses has
no session, and a mail provider that presses for them has no cookies and no language.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Header
from fastapi.responses import HTMLResponse

from core import unsubscribe
from core.unsubscribe import InvalidLink
from crud import opt_outs
from routers.deps import PublicWork, SettingsDep
from routers.locales import locale
from web.rendering import page

router = APIRouter(prefix="/unsubscribe")


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says, in one language."""

    ask: str
    asked: str
    press: str
    done: str
    doing: str
    back: str
    broken: str
    mend: str


_WORDS: Final = {
    "en": Words(
        ask="Stop reminders?",
        asked="No reminder will be sent to the mailbox that got this mail any more, whichever team it is from.",
        press="Stop reminders",
        done="Stopped",
        doing="No reminder will be sent to this mailbox any more. Mails about the account itself still come.",
        back="To have reminders again, let the mailbox be verified once more in the settings of the account.",
        broken="This link does not work",
        mend="It is not one of ours, or not all of it. Take it from the mail once more, whole.",
    ),
    "de": Words(
        ask="Keine Erinnerungen mehr?",
        asked="An das Postfach, das diese Mail bekommen hat, geht dann keine Erinnerung mehr, von keinem Team.",
        press="Erinnerungen abbestellen",
        done="Abbestellt",
        doing="An dieses Postfach geht keine Erinnerung mehr. Mails, die das Konto selbst betreffen, kommen weiterhin.",
        back="Um wieder erinnert zu werden, lass das Postfach in den Einstellungen des Kontos noch einmal bestätigen.",
        broken="Dieser Link geht nicht",
        mend="Er ist nicht von uns oder nicht vollständig. Nimm ihn noch einmal ganz aus der Mail.",
    ),
}

AcceptLanguage = Annotated[str | None, Header(include_in_schema=False)]


def _page(state: str, language: str | None) -> HTMLResponse:
    chosen = locale(language) or "en"
    response = page("unsubscribe.html", words=_WORDS[chosen], state=state, locale=chosen)
    response.status_code = 404 if state == "broken" else 200
    return response


@router.get("/{token}")
async def ask(settings: SettingsDep, token: str, accept_language: AcceptLanguage = None) -> HTMLResponse:
    """Ask whether reminders are to stop."""
    try:
        unsubscribe.read(settings, token)
    except InvalidLink:
        return _page("broken", accept_language)
    return _page("ask", accept_language)


@router.post("/{token}")
async def stop(
    work: PublicWork,
    settings: SettingsDep,
    token: str,
    one_click: Annotated[str | None, Form(alias="List-Unsubscribe", max_length=40)] = None,
    accept_language: AcceptLanguage = None,
) -> HTMLResponse:
    """Stop reminders to the mailbox, for its reader or for the mail provider that presses for them."""
    source = "one_click" if one_click == "One-Click" else "page"
    try:
        await opt_outs.stop(work, settings, token, source=source)
    except InvalidLink:
        return _page("broken", accept_language)
    return _page("done", accept_language)
