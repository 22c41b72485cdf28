"""Sheets: pages with one thing to do, behind a mailed link or on the way to one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import text

from core.errors import DomainError
from core.settings import Settings
from core.work import Work
from routers.deps import transaction
from routers.locales import locale
from routers.problems import status_of
from web import same_site
from web.account_words import errors_of
from web.rendering import page

# Whoever follows a link from here must not be told from where: the address bears a secret.
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
LONGEST = 1000
LANGUAGES = ("en", "de")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One line to be filled in."""

    name: str
    label: str
    kind: Literal["text", "email", "password"] = "text"
    autocomplete: str = "off"
    hint: str | None = None
    value: str = ""
    required: bool = True
    readonly: bool = False
    least: int | None = None
    most: int = 254


@dataclass(frozen=True, slots=True)
class Form:
    """Lines, and the buttons that send them; a button is its value and what it says."""

    buttons: Sequence[tuple[str, str]]
    fields: Sequence[Field] = ()
    title: str | None = None
    action: str | None = None
    """The page that it is sent to; None: the one that it stands on."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page says and asks; `mood` is how it looks."""

    title: str
    paragraphs: Sequence[str] = ()
    forms: Sequence[Form] = ()
    mood: Literal["ask", "done", "broken"] = "ask"
    hidden: dict[str, str] = field(default_factory=dict)
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a sheet: its language, and what was sent with it."""

    request: Request
    values: dict[str, str]
    locale: str

    @property
    def settings(self) -> Settings:
        """The settings of the application."""
        settings: Settings = self.request.app.state.settings
        return settings

    @property
    def token(self) -> str:
        """The secret of the link; empty where there is none."""
        return self.values.get("token", "")

    async def act(self, verb: Callable[[Work], Awaitable[T]]) -> T:
        """Do something in a transaction of a stranger, committed when it returns; raises DomainError."""
        async with transaction(self.request) as work:
            work.now = (await work.conn.execute(text("select now()"))).scalar_one()
            return await verb(work)

    def show(self, sheet: Sheet, error: DomainError | None = None) -> HTMLResponse:
        """Return a sheet as a page, with what went wrong above it."""
        status = 200 if error is None else status_of(type(error))
        hidden = {"lang": self.locale} | ({"token": self.token} if self.token else {}) | sheet.hidden
        said = errors_of(self.locale).get(error.reason, error.detail) if error else None
        response = page("sheet.html", sheet=sheet, hidden=hidden, error=said, locale=self.locale)
        response.status_code = status
        response.headers.update(HEADERS | dict(getattr(error, "headers", {})))
        return response


def looked_at(request: Request) -> Visit:
    """Return a visit that only looks; what it says stands in the address."""
    return _visit(request, {name: value[:LONGEST] for name, value in request.query_params.items()})


async def sent(request: Request) -> Visit:
    """Return a visit that sends a form of ours; raises OtherSite."""
    same_site.demand(request, request.app.state.settings)
    form = await request.form(max_files=0, max_fields=20)
    return _visit(request, {name: value[:LONGEST] for name, value in form.items() if isinstance(value, str)})


def _visit(request: Request, values: dict[str, str]) -> Visit:
    asked = values.get("lang", "")
    language = asked if asked in LANGUAGES else locale(request.headers.get("accept-language"))
    return Visit(request, values, language or "en")
