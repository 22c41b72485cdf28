"""`/account/invitation`: into a team, with an account or without one yet. Looking changes nothing, pressing does."""

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from core.errors import DomainError, Invalid
from core.work import Work
from crud import invitations, joining, limits, logins, places
from crud.proofs import InvalidProof
from routers.clients import ClientDep
from routers.deps import Kept
from schemas.accounts import Name, UserCreate
from web.invitation_words import WORDS, Words
from web.pages.account_password import broken, email_line, new_password, password_of
from web.sheets import Field, Form, Sheet, Visit, looked_at, sent

router = APIRouter(prefix="/account/invitation")

_NAME: Final[TypeAdapter[str]] = TypeAdapter(Name)


class InvalidName(Invalid):
    """A name has 1 to 100 characters."""

    code = "invalid_name"


@router.get("")
async def ask(request: Request) -> HTMLResponse:
    """Show who invites into which team, and ways to join."""
    return await _question(looked_at(request))


async def _question(visit: Visit, error: DomainError | None = None) -> HTMLResponse:
    words = WORDS[visit.locale]

    async def look(work: Work) -> tuple[Row[Any], Row[Any] | None]:
        invitation = await invitations.of_token(work, visit.token)
        return invitation, await joining.account(work, invitation)

    try:
        invitation, user = await visit.act(look)
    except InvalidProof as gone:
        return broken(visit, gone, None, advice=words.gone)
    role = words.roles[invitation.role]
    said = [words.invited.format(name=invitation.invited_by_name, team=invitation.team_name, role=role)]
    title = words.title.format(team=invitation.team_name)
    if invitation.email is None:
        return visit.show(Sheet(title, said, [_sign_in(visit, words), _register(visit, words)]), error)
    more, form = _for_mailbox(visit, words, invitation.email, user)
    return visit.show(Sheet(title, [*said, *more], [form]), error)


def _for_mailbox(visit: Visit, words: Words, email: str, user: Row[Any] | None) -> tuple[list[str], Form]:
    decline = ("decline", words.decline)
    if user is None:
        fields = [email_line(visit, email, readonly=True), _name(visit, words), new_password(visit, words.password)]
        return [words.register_more.format(email=email)], Form([("register", words.register_press), decline], fields)
    if user.email_verified_at is None:
        fields = [email_line(visit, email, readonly=True), new_password(visit)]
        return [words.protect.format(email=email)], Form([("join", words.protect_press), decline], fields)
    return [], Form([("join", words.join), decline])


def _name(visit: Visit, words: Words) -> Field:
    return Field("name", words.name, "text", "name", value=visit.values.get("name", ""), most=100)


def _sign_in(visit: Visit, words: Words) -> Form:
    password = Field("password", words.password, "password", "current-password", most=128)
    code = Field("code", words.code, "text", "one-time-code", words.code_hint, required=False, most=64)
    fields = [email_line(visit, visit.values.get("email", "")), password, code]
    return Form([("sign_in", words.sign_in_press)], fields, words.sign_in)


def _register(visit: Visit, words: Words) -> Form:
    fields = [email_line(visit), _name(visit, words), new_password(visit, words.password)]
    return Form([("register", words.register_press)], fields, words.register)


@router.post("")
async def answer(request: Request, client: ClientDep) -> HTMLResponse:
    """Join or decline."""
    visit = await sent(request)
    words = WORDS[visit.locale]
    try:
        invitation = await visit.act(lambda work: invitations.of_token(work, visit.token))
        email = await _answered(visit, invitation, client)
    except InvalidProof as error:
        return broken(visit, error, None, advice=words.gone)
    except DomainError as error:
        return await _question(visit, error)
    team = invitation.team_name
    if email is None:
        return visit.show(Sheet(words.declined, [words.declined_more.format(team=team)], mood="done"))
    more = [words.joined_more.format(email=email)]
    # A link proves no mailbox, as a mail does.
    if invitation.email is None and visit.values.get("act") == "register" and visit.settings.verifies_email:
        more.append(words.prove)
    return visit.show(Sheet(words.joined.format(team=team), more, mood="done"))


async def _answered(visit: Visit, invitation: Row[Any], client: str) -> str | None:
    """Do what was pressed, and return by which mail address the new member signs in; None: declined."""
    email = invitation.email or visit.values.get("email", "")
    match visit.values.get("act"):
        case "decline":
            await visit.act(lambda work: invitations.decline_token(work, visit.token))
            return None
        case "register":
            await _make_account(visit, email, client)
        case "sign_in" if invitation.email is None:
            await _identify(visit, email, client)
        case _:
            password = visit.values.get("password")
            checked = password and password_of(visit)
            await visit.act(lambda work: joining.by_mailbox(work, visit.settings, visit.token, checked))
    return email


async def _make_account(visit: Visit, email: str, client: str) -> None:
    try:
        name = _NAME.validate_python(visit.values.get("name", ""))
    except ValidationError as error:
        raise InvalidName(field="name") from error
    body = UserCreate.model_construct(email=email, name=name, password=password_of(visit), timezone=None)
    body = body.model_copy(update={"locale": visit.locale})

    async def count(work: Work) -> None:
        key, hour = places.address(client), timedelta(hours=1)
        if refusal := await limits.hit(work, visit.settings, "register", key, free=20, per=hour):
            raise refusal

    await visit.act(count)
    await visit.act(lambda work: joining.by_registering(work, visit.settings, visit.token, body))


async def _identify(visit: Visit, email: str, client: str) -> None:
    attempt = await visit.act(lambda work: logins.begin(work, visit.settings, email, client))
    proven = await logins.prove(attempt, visit.values.get("password", ""))
    code = visit.values.get("code") or None

    async def join(work: Work) -> None:
        result = await joining.by_password(work, visit.settings, visit.token, proven, code)
        if isinstance(result, DomainError):
            raise Kept(result)

    await visit.act(join)
